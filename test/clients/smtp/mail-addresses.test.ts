import { simpleParser } from 'mailparser';
import { createMailer } from '../../../src/clients/smtp/mailer';
import { startScriptedRelay } from '../../../tools/sandbox/relay/scripted-relay';
import type { Mail } from '../../../activities/mail/mail';
import { claimed, mailTo } from '../../support/mail-to';
import { startRecordingRelay } from '../../support/recording-relay';

/** What a relay hears of a mail: the commands for its recipients, and the message. */
async function send(to: string, change: Partial<Mail> = {}) {
  const commands: string[] = [];
  const relay = await startScriptedRelay({}, { onCommand: (line) => void commands.push(line) });
  const mailer = createMailer({
    ...{ host: '127.0.0.1', port: relay.port, username: 'mailer', password: 'secret' },
    ...{ tls: 'none', caCertificates: [], ehloName: 'notify.sender.example' },
  });
  const verdict = await mailer.send(mailTo(to, change), new AbortController().signal, claimed);
  await relay.close();
  const [message = ''] = relay.seen.messages;
  const recipients = commands.filter((line) => line.startsWith('RCPT'));
  return { verdict, recipients, message, parsed: await simpleParser(message) };
}

describe('a recipient', () => {
  it.each([
    ['"jane doe"@example.org', '"jane doe"@example.org'],
    ['"a\\"\\\\b"@example.org', '"a\\"\\\\b"@example.org'],
    ['"jane,doe;(x)."@example.org', '"jane,doe;(x)."@example.org'],
    ['"a  b"@example.org', '"a  b"@example.org'],
    ['"jane:"@example.org', '"jane:"@example.org'],
    ['"=?utf-8?q?x?="@example.org', '=?utf-8?q?x?=@example.org'],
    ['Jane <"jane doe"@example.org>', '"jane doe"@example.org'],
    ['Jane <jane@example.org>', 'jane@example.org'],
    ['<jane@bücher.example>', 'jane@xn--bcher-kva.example'],
  ])('%s is sent as RCPT TO:<%s>, once', async (to, envelope) => {
    const { verdict, recipients, parsed } = await send(to);

    expect(verdict.verdict).toBe('accepted');
    expect(recipients).toEqual([`RCPT TO:<${envelope}>`]);
    expect([parsed.to].flat().flatMap((list) => list?.value)).toHaveLength(1);
  });

  it('with a quoted local part is accepted by a relay that parses commands strictly', async () => {
    const relay = await startRecordingRelay();
    const mailer = createMailer({
      ...{ host: '127.0.0.1', port: relay.port, username: 'mailer', password: 'secret' },
      ...{ tls: 'starttls', caCertificates: [relay.ca], ehloName: 'notify.sender.example' },
    });
    const never = new AbortController().signal;

    const verdict = await mailer.send(mailTo('"jane,doe"@example.org'), never, claimed);
    await relay.close();

    expect(verdict.verdict).toBe('accepted');
    expect(relay.received.map(({ to }) => to)).toEqual([['"jane,doe"@example.org']]);
  });
});

describe('Reply-To', () => {
  it.each([
    ['a@b.example', ['', 'a@b.example']],
    ['"Acme, Inc." <a@b.example>', ['Acme, Inc.', 'a@b.example']],
    ['Acme <a@b.example>, "B, C" <c@d.example>', ['Acme', 'a@b.example', 'B, C', 'c@d.example']],
    ['"Acme \\"A\\", Inc." <a@b.example>', ['Acme "A", Inc.', 'a@b.example']],
    ['Büro <a@b.example>', ['Büro', 'a@b.example']],
    ['"Büro, Köln" <a@bücher.example>', ['Büro, Köln', 'a@bücher.example']],
  ])('%s is shown as %j', async (replyTo, expected) => {
    const { message, parsed } = await send('jane@example.org', { replyTo });

    const values = parsed.replyTo?.value ?? [];
    expect(values.flatMap(({ name, address }) => [name, address])).toEqual(expected);
    expect(message.match(/^Reply-To:/gim)).toHaveLength(1);
  });
});
