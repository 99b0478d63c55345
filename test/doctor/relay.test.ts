import { createMailer } from '../../src/clients/smtp/mailer';
import type { SmtpConfig } from '../../src/clients/smtp/connection-options';
import { relayExamination } from '../../src/doctor/relay';
import { certificateValid, generateCertificate } from '../../tools/sandbox/relay/certificate';
import { type FixedScript, startScriptedRelay } from '../../tools/sandbox/relay/scripted-relay';
import { examine, troubles } from '../support/examine';
import { timeoutsFor } from '../support/timeouts-for';

const PASSWORD = 'planted-password';
const RCPT = 'planted.owner@customer.example';

type Certificate = Awaited<ReturnType<typeof generateCertificate>>;
type Relay = Awaited<ReturnType<typeof startScriptedRelay>>;

let trusted: Certificate;
let relay: Relay | undefined;
beforeAll(async () => {
  trusted = await generateCertificate('127.0.0.1');
});
afterEach(async () => {
  await relay?.close();
  relay = undefined;
});

interface Situation {
  script?: FixedScript;
  certificate?: Certificate | false;
  change?: Partial<SmtpConfig>;
  rcpt?: string;
  /** Where a real message goes. */
  sendTo?: string;
}

/** Examines a relay that differs from a good one as given. */
async function examineRelay(situation: Situation) {
  const { script = {}, certificate = trusted, change, rcpt, sendTo: address } = situation;
  relay = await startScriptedRelay(script, certificate ? { certificate } : {});
  const { cert } = certificate || trusted;
  const smtp: SmtpConfig = {
    ...{ host: '127.0.0.1', port: relay.port, username: 'mailer', password: PASSWORD },
    ...{ tls: 'starttls', caCertificates: [cert], ehloName: 'app.sender.example' },
    ...change,
  };
  const sendTo = address ? { mailer: createMailer(smtp), recipient: { address } } : undefined;
  const stepTimeoutMs = timeoutsFor(script, 1_000).beforeBodyMs;
  return examine(
    relayExamination({ sendTo, smtp, from: 'noreply@sender.example', rcpt, stepTimeoutMs }),
  );
}

describe('the doctor on a good relay', () => {
  it('names each stage, and sends nothing', async () => {
    const findings = await examineRelay({ rcpt: RCPT });

    expect(findings.map(({ check, status }) => `${check} ${status}`)).toEqual([
      'DNS ok',
      'connect ok',
      'greeting ok',
      'EHLO ok',
      'STARTTLS ok',
      'certificate ok',
      'EHLO over TLS ok',
      'AUTH ok',
      'MAIL FROM ok',
      'RCPT TO ok',
      'RSET ok',
    ]);
    expect(relay?.seen.messages).toEqual([]);
    expect(relay?.seen.commands.slice(-2)).toEqual(['RSET', 'QUIT']);
  });

  it('says who issued the certificate, for which names, and how many days are left', async () => {
    const findings = await examineRelay({});

    const { what = '' } = findings.find(({ check }) => check === 'certificate') ?? {};
    expect(what).toMatch(
      /^TLSv1\.[23], for 127\.0\.0\.1, by 127\.0\.0\.1, until .* \((29|30) days\)$/,
    );
  });

  it('sends a real message where one was asked for, and says what its headers tell', async () => {
    const findings = await examineRelay({ sendTo: RCPT });

    expect(findings.at(-1)).toMatchObject({ check: 'message', status: 'ok' });
    expect(findings.at(-1)?.what).toMatch(/^accepted by the relay: 250 .*DKIM-Signature/);
    expect(relay?.seen.messages).toHaveLength(1);
    expect(JSON.stringify(findings)).not.toContain(RCPT);
  });

  it('does not ask about a recipient that nobody named', async () => {
    const findings = await examineRelay({});

    expect(findings.find(({ check }) => check === 'RCPT TO')).toMatchObject({
      status: 'skipped',
      remedy: 'Name a recipient with --rcpt ADDRESS.',
    });
  });

  it.each(['AUTH LOGIN', 'AUTH CRAM-MD5'])(
    'logs in by %s where the relay offers nothing else',
    async (command) => {
      const script = {
        ehloSecured: { say: `250-relay\r\n250 ${command}` },
        auth: { say: '334 VXNlcm5hbWU6' },
      };

      await examineRelay({ script });

      expect(relay?.seen.commands).toContain(command);
    },
  );
});

describe('the doctor on a relay with a fault', () => {
  const say = (text: string) => ({ say: text });

  it.each<[what: string, situation: Situation, found: string, remedy: RegExp]>([
    [
      'whose name is not in the DNS',
      { change: { host: 'relay.invalid' } },
      'failure DNS: E',
      /SMTP_SERVER/,
    ],
    ['that does not run', { change: { port: 1 } }, 'failure connect: ECONNREFUSED', /SMTP_SERVER/],
    [
      'that greets with 554',
      { script: { connect: say('554 no service') } },
      'failure greeting: 554 no service',
      /SMTP_SERVER/,
    ],
    [
      'that never greets',
      { script: { connect: 'hang' } },
      'failure greeting: GREETING_TIMEOUT',
      /SMTP_TLS=implicit/,
    ],
    [
      'that closes at once',
      { script: { connect: 'close' } },
      'failure greeting: ECONNRESET',
      /SMTP_SERVER/,
    ],
    [
      'that speaks HTTP',
      { script: { connect: say('HTTP/1.1 400 Bad Request') } },
      'failure greeting: HTTP/1.1 400 Bad Request',
      /SMTP_SERVER/,
    ],
    [
      'that objects to the EHLO name',
      { script: { ehlo: say('501 5.5.2 need fully-qualified name') } },
      'failure EHLO: 501 5.5.2',
      /SMTP_EHLO_NAME/,
    ],
    [
      'that offers no STARTTLS',
      { certificate: false },
      'failure STARTTLS: the relay offers no STARTTLS',
      /SMTP_TLS=none/,
    ],
    [
      'that refuses STARTTLS',
      { script: { starttls: say('454 4.7.0 TLS not available') } },
      'failure certificate: 454 4.7.0',
      /SMTP_SERVER/,
    ],
    [
      'whose certificate nobody has issued',
      { change: { caCertificates: [] } },
      'failure certificate: DEPTH_ZERO_SELF_SIGNED_CERT: TLSv1.',
      /SSL_CERT_FILE/,
    ],
    [
      'that speaks no TLS on a port of implicit TLS',
      { change: { tls: 'implicit' } },
      'failure certificate: ERR_SSL_WRONG_VERSION_NUMBER',
      /SMTP_TLS=starttls/,
    ],
    [
      'that offers no AUTH',
      { script: { ehloSecured: say('250 relay') } },
      'failure AUTH: the relay offers no AUTH',
      /SMTP_PORT/,
    ],
    [
      'that refuses the password',
      { script: { auth: say('535 5.7.8 bad credentials') } },
      'failure AUTH: 535 5.7.8 bad credentials',
      /SMTP_USERNAME or SMTP_PASSWORD/,
    ],
    [
      'that wants an app password',
      { script: { auth: say('534 5.7.9 Application-specific password required') } },
      'failure AUTH: 534 5.7.9',
      /app password into SMTP_PASSWORD/,
    ],
    [
      'that refuses the sender',
      { script: { mail: say('550 5.7.60 no permission to send as this sender') } },
      'failure MAIL FROM: 550 5.7.60',
      /SMTP_FROM_EMAIL/,
    ],
    [
      'that does not relay',
      { script: { rcpt: say('554 5.7.1 Relay access denied') }, rcpt: RCPT },
      'failure RCPT TO: 554 5.7.1 Relay access denied',
      /SMTP_USERNAME/,
    ],
    [
      'that lists us as greylisted',
      { script: { rcpt: say('450 4.2.0 Greylisted') }, rcpt: RCPT },
      'warning RCPT TO: 450 4.2.0 Greylisted',
      /relay/,
    ],
    [
      'that has no encryption',
      { change: { tls: 'none' } },
      'warning encryption: none, by SMTP_TLS; the relay offers STARTTLS',
      /SMTP_TLS=starttls/,
    ],
  ])('finds one %s', async (_what, situation, found, remedy) => {
    const findings = await examineRelay(situation);

    const [trouble = '', ...others] = troubles(findings);
    expect(trouble.slice(0, found.length)).toBe(found);
    expect(others).toEqual([]);
    const finding = findings.find(({ status }) => status === 'failure' || status === 'warning');
    expect(finding?.remedy).toMatch(remedy);
    expect(finding?.why).toBeTruthy();
  });

  it.each([
    ['has expired', { fromDays: -30, toDays: -2 }, /^CERT_HAS_EXPIRED: .* \(-2 days\)$/],
    ['is not valid yet', { fromDays: 2, toDays: 30 }, /^CERT_NOT_YET_VALID: /],
  ])('finds a certificate that %s', async (_what, period, expected) => {
    const certificate = await certificateValid(period, '127.0.0.1');

    const findings = await examineRelay({ certificate });

    expect(findings.at(-1)).toMatchObject({ check: 'certificate', status: 'failure' });
    expect(findings.at(-1)?.what).toMatch(expected);
  });

  it('finds a certificate for another name, and says for which', async () => {
    const certificate = await generateCertificate('mail.other.example');

    const findings = await examineRelay({ certificate });

    expect(findings.at(-1)).toMatchObject({ check: 'certificate', status: 'failure' });
    expect(findings.at(-1)?.what).toMatch(
      /^ERR_TLS_CERT_ALTNAME_INVALID: .* for mail\.other\.example, /,
    );
  });

  it('warns of a certificate that ends within two weeks, and goes on', async () => {
    const certificate = await certificateValid({ fromDays: -30, toDays: 5 }, '127.0.0.1');

    const findings = await examineRelay({ certificate });

    expect(troubles(findings)).toEqual([
      expect.stringMatching(/^warning certificate: .*\([45] days\)$/),
    ]);
    expect(findings.at(-1)?.check).toBe('RSET');
  });

  it('sends no login over a connection whose certificate is not trusted', async () => {
    await examineRelay({ change: { caCertificates: [] } });

    expect(relay?.seen.commands.filter((line) => line.startsWith('AUTH'))).toEqual([]);
  });

  it('shows neither the login nor the recipient that a reply quotes', async () => {
    const login = Buffer.from(`\0mailer\0${PASSWORD}`).toString('base64');
    const texts = [
      await examineRelay({ script: { auth: say(`535 5.7.8 ${login} ${PASSWORD} no`) } }),
      await examineRelay({ script: { rcpt: say(`554 5.7.1 <${RCPT}>: no`) }, rcpt: RCPT }),
    ].map((findings) => JSON.stringify(findings));

    for (const secret of [login, PASSWORD, RCPT]) {
      expect(texts.filter((text) => text.includes(secret))).toEqual([]);
    }
  });
});
