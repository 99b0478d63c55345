import { hostname } from 'node:os';
import { findOutdated } from '../../src/config/ca-certificates';
import { defaultEhloName } from '../../src/config/ehlo-name';
import type { Environment } from '../../src/config/environment-reader';
import { padded, scratchFiles, worker, workerFaults } from '../support/configuration';
import { certificateValid, generateCertificate } from '../../tools/sandbox/relay/certificate';

const load = (change: Environment) => worker(change).smtp;

describe('the TLS mode', () => {
  const CONTRADICTION = ['SMTP_TLS contradicts SMTP_STARTTLS_REQUIRED: keep one of them'];

  it.each([
    [{ SMTP_TLS: 'starttls' }, 'starttls'],
    [{ SMTP_TLS: ' Implicit\n' }, 'implicit'],
    [{ SMTP_TLS: 'none' }, 'none'],
    [{ SMTP_TLS: 'implicit', SMTP_PORT: '2525' }, 'implicit'],
    [{ SMTP_TLS: 'starttls', SMTP_PORT: '465' }, 'starttls'],
    [{ SMTP_STARTTLS_REQUIRED: 'true' }, 'starttls'],
    [{ SMTP_STARTTLS_REQUIRED: 'false' }, 'none'],
    [{ SMTP_STARTTLS_REQUIRED: 'true', SMTP_PORT: '465' }, 'implicit'],
    [{ SMTP_STARTTLS_REQUIRED: 'false', SMTP_PORT: '465' }, 'implicit'],
    [{ SMTP_STARTTLS_REQUIRED: 'true', SMTP_TLS: 'starttls' }, 'starttls'],
    [{ SMTP_STARTTLS_REQUIRED: 'true', SMTP_TLS: 'implicit' }, 'implicit'],
    [{ SMTP_STARTTLS_REQUIRED: 'false', SMTP_TLS: 'none' }, 'none'],
  ])('of %j is %s', (change, mode) => {
    expect(load({ SMTP_STARTTLS_REQUIRED: undefined, ...change }).tls).toBe(mode);
  });

  it.each([
    ['true', 'none'],
    ['false', 'starttls'],
    ['false', 'implicit'],
  ])('is refused when SMTP_STARTTLS_REQUIRED=%s stands beside SMTP_TLS=%s', (required, mode) => {
    const faults = workerFaults({ SMTP_STARTTLS_REQUIRED: required, SMTP_TLS: mode });
    expect(faults).toEqual(CONTRADICTION);
  });

  it('is refused when neither variable is set', () => {
    const faults = workerFaults({ SMTP_STARTTLS_REQUIRED: ' ' });
    expect(faults).toEqual(['SMTP_TLS is missing (and SMTP_STARTTLS_REQUIRED)']);
  });

  it('is refused when it is no mode', () => {
    const faults = workerFaults({ SMTP_TLS: 'ssl' });
    expect(faults).toEqual(['SMTP_TLS must be starttls, implicit or none']);
  });
});

describe('SMTP_PORT', () => {
  it.each([
    ['587', 587],
    ['587.0', 587],
    [padded('587'), 587],
    ['1', 1],
    ['65535', 65535],
  ])('may be %j', (value, expected) => {
    const { port } = load({ SMTP_PORT: value });

    expect(port).toBe(expected);
  });

  it.each(['0', '-1', '65536', 'abc', '587.5', '5 87'])('is refused when it is %j', (value) => {
    const faults = workerFaults({ SMTP_PORT: value });

    expect(faults).toEqual(['SMTP_PORT must be a whole number from 1 to 65535']);
  });
});

describe('SMTP_SERVER', () => {
  it.each(['relay.example relay2.example', 'smtp://relay.example', 'mailer@relay.example'])(
    'is refused when it is %j',
    (value) => {
      const faults = workerFaults({ SMTP_SERVER: value });

      expect(faults).toEqual(['SMTP_SERVER must be a host name']);
    },
  );

  it.each(['relay.example', '192.0.2.1', '2001:db8::25', '::1'])('may be %s', (host) => {
    expect(load({ SMTP_SERVER: ` ${host}\n` }).host).toBe(host);
  });

  it.each(['relay.example:587', '192.0.2.1:25', '[2001:db8::25]', '[::1]:587', '[relay.example]'])(
    'is refused when it is %s, with the variable for the port',
    (host) => {
      const faults = workerFaults({ SMTP_SERVER: host });
      expect(faults).toEqual([
        'SMTP_SERVER must be a host name without brackets and port: the port belongs in SMTP_PORT',
      ]);
    },
  );
});

describe('the connections', () => {
  it('are five for a hundred emails each by default', () => {
    expect(load({}).connections).toEqual({ connectionsMax: 5, messagesPerConnectionMax: 100 });
  });

  it('are as many as the variables say', () => {
    const connections = { SMTP_MAX_CONNECTIONS: '2', SMTP_MAX_MESSAGES_PER_CONNECTION: '1' };
    expect(load(connections).connections).toEqual({
      ...{ connectionsMax: 2, messagesPerConnectionMax: 1 },
    });
  });

  it.each(['0', '101', 'many'])('are not %j', (value) => {
    expect(workerFaults({ SMTP_MAX_CONNECTIONS: value })).toEqual([
      'SMTP_MAX_CONNECTIONS must be a whole number from 1 to 100',
    ]);
  });
});

describe('the EHLO name', () => {
  it.each(['notify.sender.example', '[192.0.2.1]', '[IPv6:2001:db8::1]'])('may be %s', (name) => {
    expect(load({ SMTP_EHLO_NAME: ` ${name} ` }).ehloName).toBe(name);
  });

  it.each([
    ['localhost'],
    ['my_host.example'],
    ['-x.example'],
    ['x..example'],
    ['x.example.'],
    ['192.0.2.1'],
    ['[127.0.0.1]'],
    ['[IPv6:::1]'],
    ['[::1]'],
    ['[relay.example]'],
    ['bücher.example'],
    ['x.example\r\nMAIL FROM:<y>'],
    [`${'x.'.repeat(127)}example`],
  ])('is refused when it is %j', (name) => {
    const [fault, ...more] = workerFaults({ SMTP_EHLO_NAME: name });
    expect(fault).toMatch(/^SMTP_EHLO_NAME must be a host name with a dot/);
    expect(more).toEqual([]);
  });

  it.each([
    ['mx1.sender.example', 'a@other.example', 'mx1.sender.example'],
    ['4f1e2d3c', 'a@sender.example', 'sender.example'],
    ['my_host.local', 'a@sender.example', 'sender.example'],
    ['localhost.localdomain', 'a@sender.example', 'sender.example'],
    ['10.0.0.7', 'a@sender.example', 'sender.example'],
    ['4f1e2d3c', 'a@localhost', undefined],
  ])('on the host %s for %s is %s by default', (host, sender, expected) => {
    expect(defaultEhloName(host, sender)).toBe(expected);
  });

  it('is never the loopback address of nodemailer', () => {
    const { ehloName } = load({ SMTP_FROM_EMAIL: 'noreply@sender.example' });
    expect(ehloName).toBe(defaultEhloName(hostname(), 'noreply@sender.example'));
  });
});

describe('SSL_CERT_FILE', () => {
  const { file } = scratchFiles();
  let one: string;
  let another: string;
  beforeAll(async () => {
    one = (await generateCertificate('one.example')).cert.trim();
    another = (await generateCertificate('another.example')).cert.trim();
  });

  it('may hold several certificates, with text and line ends of any kind between', () => {
    const pem = `subject=one\r\n${one.replaceAll('\n', '\r\n')}\r\n\r\nsubject=another\n${another}\n`;
    const { caCertificates } = load({ SSL_CERT_FILE: ` ${file('ca.pem', pem)}\n` });
    expect(caCertificates).toHaveLength(2);
    expect(caCertificates[1]).toBe(another);
  });

  it('is refused when it is not there', () => {
    const faults = workerFaults({ SSL_CERT_FILE: '/nowhere/hunter2' });
    expect(faults).toEqual(['SSL_CERT_FILE names a file that cannot be read (ENOENT)']);
  });

  it.each<[string, () => string, string]>([
    ['is empty', () => '', 'without a certificate in PEM form'],
    ['is DER or noise', () => '\u0030\u0082 hunter2', 'without a certificate in PEM form'],
    [
      'holds a key only',
      () => '-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----\n',
      'without a certificate in PEM form',
    ],
    [
      'has a broken second certificate',
      () => `${one}\n${another.replace(/\n.{8}/, '\nAAAAAAAA')}`,
      'whose certificate 2 cannot be read',
    ],
    ['ends within a certificate', () => `${one}\n${another.slice(0, -40)}`, 'cut off'],
  ])('is refused when it %s', (_, content, message) => {
    const [fault, ...more] = workerFaults({ SSL_CERT_FILE: file('ca.pem', content()) });
    expect(fault).toMatch(/^SSL_CERT_FILE names a file /);
    expect(fault).toContain(message);
    expect(more).toEqual([]);
  });

  it('is only warned about when a certificate is outdated', () => {
    const { caCertificates } = load({ SSL_CERT_FILE: file('ca.pem', `${one}\n${another}`) });
    expect(findOutdated(caCertificates)).toEqual([]);
    const later = findOutdated(caCertificates, new Date('2100-01-01'));
    expect(later).toEqual(
      Array(2).fill(expect.stringMatching(/^CN=(?:one|another)\.example: valid from /)),
    );
  });

  it('is not warned about for some of the certificates of a system, but for all', async () => {
    const period = { fromDays: -2, toDays: -1 };
    const { cert: expired } = await certificateValid(period, 'old.example');
    const some = [...Array<string>(20).fill(one), expired];
    const all = Array<string>(21).fill(expired);

    expect(findOutdated([expired])).toHaveLength(1);
    expect(findOutdated(some)).toEqual([]);
    expect(findOutdated(all)).toEqual(['all 21 certificates']);
  });
});
