import { type SmtpSink, startSmtpSink } from '../instruments/smtp-sink';
import { createMailer } from '../../../src/clients/smtp/mailer';
import type { SmtpConfig } from '../../../src/clients/smtp/connection-options';
import { claimed, mailTo } from '../../../test/support/mail-to';
import { generateCertificate } from '../../sandbox/relay/certificate';

const received: string[] = [];
let sink: SmtpSink;

beforeAll(async () => {
  sink = await startSmtpSink((raw) => received.push(raw));
});
afterAll(() => sink.close());
afterEach(() => received.splice(0));

function send(text = 'Hello\n', change: Partial<SmtpConfig> = {}) {
  const mailer = createMailer({
    host: '127.0.0.1',
    port: sink.port,
    username: 'bench',
    password: 'bench',
    tls: 'none',
    caCertificates: [],
    ehloName: 'notify.sender.example',
    ...change,
  });
  const mail = mailTo('owner@mailbox.example', { text });
  return mailer.send(mail, new AbortController().signal, claimed);
}

describe('the SMTP sink', () => {
  it('accepts a mail from the mailer', async () => {
    const { verdict } = await send();

    expect(verdict).toBe('accepted');
    expect(received).toEqual([expect.stringMatching(/^Message-ID: <bulk\.1\.completed@/m)]);
  });

  it('accepts a mail over STARTTLS when it has a certificate', async () => {
    // given
    const certificate = await generateCertificate('127.0.0.1');
    const secured = await startSmtpSink((raw) => received.push(raw), certificate);

    // when
    const { verdict } = await send('Hello\n', {
      ...{ port: secured.port, tls: 'starttls', caCertificates: [certificate.cert] },
    });
    await secured.close();

    // then
    expect(verdict).toBe('accepted');
    expect(received).toHaveLength(1);
    expect(secured.counts()).toEqual({ connections: 1, handshakes: 1, mails: 1 });
  });

  it('reads on after a line that is a stuffed dot', async () => {
    await send('one\n.\ntwo\n');

    expect(received).toEqual([expect.stringContaining('\r\n..\r\ntwo')]);
  });

  it('delays its answer', async () => {
    sink.setDelay(60);
    const began = performance.now();

    await send();

    sink.setDelay(0);
    expect(performance.now() - began).toBeGreaterThanOrEqual(59);
  });

  it('refuses connections while it is closed and accepts mail on the same port afterwards', async () => {
    await sink.close();
    const whileDown = await send();
    await sink.open();
    const after = await send();

    expect(whileDown).toMatchObject({ verdict: 'deferred', step: 'connect' });
    expect(after.verdict).toBe('accepted');
  });
});
