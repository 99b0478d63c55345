import fc from 'fast-check';
import { simpleParser } from 'mailparser';
import { X509Certificate } from 'node:crypto';
import { renderMail } from '../../../activities/mail/mail-template';
import tls from 'node:tls';
import type { Mail } from '../../../activities/mail/mail';
import { createMailer } from '../../../src/clients/smtp/mailer';
import type { SmtpConfig } from '../../../src/clients/smtp/connection-options';
import { claimed, mailTo } from '../../support/mail-to';
import { type RecordingRelay, startRecordingRelay } from '../../support/recording-relay';
import { type Script, startScriptedRelay } from '../../../tools/sandbox/relay/scripted-relay';

const never = new AbortController().signal;

let relay: RecordingRelay;
beforeAll(async () => {
  relay = await startRecordingRelay();
});
afterAll(() => relay.close());
beforeEach(() => {
  relay.received.length = 0;
  relay.hooks.beforeReply = () => {};
});

function mailer(change: Partial<SmtpConfig> = {}) {
  return createMailer({
    host: '127.0.0.1',
    port: relay.port,
    username: 'mailer',
    password: 'secret',
    tls: 'starttls',
    caCertificates: [relay.ca],
    ehloName: 'notify.sender.example',
    ...change,
  });
}

async function deliver(change: Partial<Mail>) {
  const verdict = await mailer().send(mailTo('jane@example.org', change), never, claimed);
  expect(verdict.verdict).toBe('accepted');
  return relay.received.at(-1)!;
}

const headerOf = (bytes: Buffer) => bytes.toString('latin1').split('\r\n\r\n')[0]!;
const linesOf = (bytes: Buffer) => bytes.toString('latin1').split('\r\n');
const HEADER_NAMES = [
  'Subject',
  'Auto-Submitted',
  'X-Auto-Response-Suppress',
  'From',
  'To',
  'Reply-To',
  'Message-ID',
  'Date',
  'Content-Transfer-Encoding',
  'MIME-Version',
  'Content-Type',
].sort();

function expectNothingInjected({ bytes, to }: { bytes: Buffer; to: string[] }) {
  const names = headerOf(bytes).match(/^[^\s:]+(?=:)/gm);
  expect(names?.sort()).toEqual(HEADER_NAMES);
  expect(headerOf(bytes)).toMatch(/^[\x20-\x7e\r\n]*$/);
  expect(linesOf(bytes).every((line) => line.length <= 998)).toBe(true);
  expect(to).toEqual(['jane@example.org']);
}

describe('send', () => {
  it("is accepted with the relay's reply", async () => {
    const verdict = await mailer().send(mailTo('jane@example.org'), never, claimed);
    expect(verdict).toEqual({ verdict: 'accepted', reply: '250 2.0.0 queued as 1' });
  });

  it('uses TLS and authentication, with one recipient', async () => {
    expect(await deliver({})).toMatchObject({
      from: 'noreply@sender.example',
      to: ['jane@example.org'],
      ehlo: 'notify.sender.example',
      secure: true,
      user: 'mailer',
    });
  });

  it('tells when the certificate of the relay expires', async () => {
    const seen: Date[] = [];
    const observing = mailer({ onCertificate: (expiresAt) => void seen.push(expiresAt) });

    await observing.send(mailTo('jane@example.org'), never, claimed);

    expect(seen).toEqual([new Date(new X509Certificate(relay.ca).validTo)]);
  });

  it('sets the headers of an automatic message', async () => {
    // when
    const { bytes } = await deliver({ subject: 'Fertig: Kundenübersicht', text: 'Grüße,\nBolt' });

    // then
    const parsed = await simpleParser(bytes);
    expect(parsed).toMatchObject({
      subject: 'Fertig: Kundenübersicht',
      messageId: '<bulk.1.completed@sender.example>',
      date: new Date('2026-02-12T10:00:00Z'),
      text: 'Grüße,\nBolt\n',
      attachments: [],
      html: false,
    });
    expect(parsed.from?.value).toEqual([{ name: 'BoltRoute', address: 'noreply@sender.example' }]);
    expect(parsed.replyTo?.text).toBe('support@sender.example');
    expect(headerOf(bytes)).toContain('\r\nAuto-Submitted: auto-generated\r\n');
    expect(headerOf(bytes)).toContain('\r\nX-Auto-Response-Suppress: OOF, AutoReply\r\n');
    expect(headerOf(bytes)).toContain('\r\nContent-Type: text/plain; charset=utf-8');
  });

  it('sends the same bytes twice', async () => {
    const mail = { subject: 'Fertig: übersicht.csv', text: `Grüße\n${'lang '.repeat(400)}` };
    const first = await deliver(mail);
    const second = await deliver(mail);
    expect(second.bytes.equals(first.bytes)).toBe(true);
  });

  it.each([
    ['dots', '.\n..\n.x\n'],
    ['a long line', 'x'.repeat(3000)],
    ['a long line of words', 'word '.repeat(600)],
    ['bare carriage returns', 'a\rb'],
    ['an end of data', 'a\r\n.\r\nMAIL FROM:<x@y>\r\n'],
    ['other scripts', '顧客 عملاء 👩‍💻\n'],
    ['blanks at the ends', '  a  \n  b  '],
  ])('sends a text with %s unchanged', async (_, text) => {
    // when
    const received = await deliver({ text });

    // then
    expectNothingInjected(received);
    const parsed = await simpleParser(received.bytes);
    expect(parsed.text?.trimEnd()).toBe(text.replace(/\r\n?/g, '\n').trimEnd());
    expect(relay.received).toHaveLength(1);
  });

  it('does not parse root certificates again for each mail', async () => {
    // given
    const kept = mailer();
    const contexts = jest.spyOn(tls, 'createSecureContext');

    // when
    for (const _ of [1, 2, 3]) await kept.send(mailTo('jane@example.org'), never, claimed);

    // then
    expect(relay.received.map(({ secure }) => secure)).toEqual([true, true, true]);
    expect(contexts).not.toHaveBeenCalled();
    contexts.mockRestore();
  });

  describe('to a port with implicit TLS', () => {
    let tlsFirst: RecordingRelay;
    beforeAll(async () => {
      tlsFirst = await startRecordingRelay({ secure: true });
    });
    afterAll(() => tlsFirst.close());
    const sendBy = (change: Partial<SmtpConfig>) =>
      mailer({ port: tlsFirst.port, caCertificates: [tlsFirst.ca], ...change }).send(
        mailTo('jane@example.org'),
        never,
        claimed,
      );

    it('is accepted by implicit TLS', async () => {
      const { verdict } = await sendBy({ tls: 'implicit' });
      expect(verdict).toBe('accepted');
      expect(tlsFirst.received).toMatchObject([{ secure: true, user: 'mailer' }]);
    });

    it('is deferred with STARTTLS, at the greeting that never arrives', async () => {
      // The last third is for the connection, which must not use up the whole time first.
      const verdict = await sendBy({ tls: 'starttls', timeouts: { beforeBodyMs: 4_500 } });
      expect(verdict).toMatchObject({ step: 'greeting', cause: 'GREETING_TIMEOUT' });
    });
  });

  it('sends several mails concurrently', async () => {
    await Promise.all([1, 2, 3].map(() => deliver({})));
    expect(relay.received).toHaveLength(3);
  });
});

describe('a hostile file name', () => {
  const templates = {
    completed: { subject: 'Done: {file_name}', body: 'File "{file_name}": {email_count}.\\nBye' },
    failed: { subject: 'Failed', body: 'Failed' },
  };

  async function expectAsRendered(
    fileName: string,
    send: (change: Partial<Mail>) => Promise<{ bytes: Buffer; to: string[] }> = deliver,
  ) {
    // given
    const rendered = renderMail(templates, { outcome: 'completed', fileName, emailCount: 3 });

    // when
    const received = await send(rendered);

    // then
    expectNothingInjected(received);
    const parsed = await simpleParser(received.bytes);
    expect(parsed.subject).toBe(rendered.subject);
    expect(parsed.text?.trimEnd()).toBe(rendered.text);
    expect(rendered.text).toMatch(/: 3\.\nBye$/);
    return rendered;
  }

  it.each([
    ['CR LF', 'a.csv\r\nBcc: x@example.net'],
    ['CR', 'a.csv\rBcc: x@example.net'],
    ['LF and a body', 'a.csv\n\nDear customer,'],
    ['vertical tab and friends', 'a\v\f\u001c\u0085\u2028\u2029b.csv'],
    ['NUL, BEL, ESC', 'a\u0000\u0007\u001b[31mb.csv'],
    ['bidi', 'invoice\u202efdp.exe'],
    ['an encoded word', '=?utf-8?Q?inv=E2=80=AEfdp=2Eexe?='],
    ['an encoded header', '=?utf-8?Q?a=0D=0ABcc:_x@example.net?='],
    ['an encoded word in two parts', '=?utf-8?Q?a b?= =?utf-8?B?YQ==?='],
    ['half an encoded word', '=?utf-8?Q?a'],
    ['an open encoded word', '=?utf-8?Q?'],
    ['1,200 ASCII characters', `${'x'.repeat(1200)}.csv`],
    ['1,200 blanks and words', 'x '.repeat(1200)],
    ['1,200 emoji', '👩‍💻'.repeat(1200)],
    ['stacked marks', `a${'\u0301'.repeat(2000)}.csv`],
    ['a placeholder', '{email_count}{file_name}'],
    ['a replacement pattern', "$& $1 $' $`"],
    ['lone surrogates', '\ud800a\udc00.csv'],
    ['nothing', ''],
    ['quotes', '"a\\" <x@example.net>, b'],
    ['a link', 'https://evil.example/www.evil.example'],
    ['right to left', 'عملاء.csv'],
    ['a tab', 'a\tb.csv'],
  ])('with %s results in a valid message', async (_, fileName) => {
    await expectAsRendered(fileName);
  });

  it('is shown literally when it looks like an encoded word', async () => {
    const { subject } = await expectAsRendered('=?utf-8?Q?inv=E2=80=AEfdp=2Eexe?=');
    expect(subject).toBe('Done: =?utf-8?Q?inv=E2=80=AEfdp=2Eexe?=');
  });

  it('of any kind results in a valid message', async () => {
    const piece = fc.constantFrom(
      '=?',
      '?=',
      '?Q?',
      '?B?',
      'utf-8',
      '\r\n',
      ' ',
      '=0D',
      '"',
      'ü',
      '漢',
    );
    const fileName = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 150 }),
      fc.array(piece, { maxLength: 20 }).map((pieces) => pieces.join('')),
    );
    const scripted = await startScriptedRelay({});
    const plain = mailer({ port: scripted.port, tls: 'none' });
    const send = async (change: Partial<Mail>) => {
      await plain.send(mailTo('jane@example.org', change), never, claimed);
      const text = scripted.seen.messages.at(-1)!.replace(/^\.\./gm, '.');
      const recipients = scripted.seen.commands.splice(0).filter((line) => line.startsWith('RCPT'));
      const to = recipients.map((line) => line.slice('RCPT TO:<'.length, -1));
      return { bytes: Buffer.from(text, 'latin1'), to };
    };
    await fc
      .assert(
        fc.asyncProperty(fileName, async (name) => void (await expectAsRendered(name, send))),
        { numRuns: 100 },
      )
      .finally(scripted.close);
  });
});

const UNICODE = 'jörg@bücher.example';

describe('an address', () => {
  async function sendTo(address: string, script: Script) {
    const scripted = await startScriptedRelay(script);
    const plain = mailer({ port: scripted.port, tls: 'none' });
    const verdict = await plain.send(mailTo(address), never, claimed);
    await scripted.close();
    return { verdict, commands: scripted.seen.commands };
  }

  it('with a non-ASCII domain is sent in punycode', async () => {
    const { commands } = await sendTo('jane@bücher.example', {});
    expect(commands).toContain('RCPT TO:<jane@xn--bcher-kva.example>');
  });

  it('with a non-ASCII local part is sent if the relay offers SMTPUTF8', async () => {
    const { verdict, commands } = await sendTo(UNICODE, { extensions: ['SMTPUTF8'] });
    expect(verdict.verdict).toBe('accepted');
    expect(commands).toContain('MAIL FROM:<noreply@sender.example> SMTPUTF8');
  });

  it.each([[[]], [['X-SMTPUTF8', 'SMTPUTF8S']]])(
    'with a non-ASCII local part is refused if the relay offers %j',
    async (extensions) => {
      // when
      const { verdict, commands } = await sendTo(UNICODE, { extensions });

      // then
      expect(verdict).toEqual({
        verdict: 'refused',
        step: 'rcpt-to',
        reply: expect.stringContaining('SMTPUTF8'),
      });
      expect(commands.some((line) => line.startsWith('MAIL'))).toBe(false);
    },
  );
});

describe('the reply', () => {
  async function replyTo(script: Script) {
    const scripted = await startScriptedRelay(script);
    const plain = mailer({ port: scripted.port, tls: 'none' });
    const { reply } = await plain.send(mailTo('jane.doe@example.org'), never, claimed);
    await scripted.close();
    return reply;
  }

  it.each([
    ['550 5.1.1 <jane.doe@example.org> unknown', '550 5.1.1 <address> unknown'],
    ['550 5.1.1 JANE.DOE@EXAMPLE.ORG: unknown', '550 5.1.1 <address>: unknown'],
    ['550 5.1.1 jane.doe... User unknown', '550 5.1.1 <address> User unknown'],
    ['550 see https://x.example/?to=jane.doe%40example.org', '550 see https:<address>'],
    ['550 ask postmaster@example.org', '550 ask <address>'],
    ['550-line one\r\n550 line two', '550-line one 550 line two'],
    ['550 a\u001b[31mb\u0007c', '550 a [31mb c'],
    ['550 Grüße', '550 Grüße'],
  ])('%j is masked as %j', async (said, kept) => {
    expect(await replyTo({ rcpt: { say: said } })).toBe(kept);
  });

  it.each(['<mailer>', 'secret', btoa('\0mailer\0secret'), btoa('secret')])(
    'never holds the credential %j',
    async (secret) => {
      const reply = await replyTo({ auth: { say: `535 5.7.8 no: ${secret}` } });
      expect(reply).toBe('535 5.7.8 no: <credentials>');
    },
  );

  it('has a bounded length', async () => {
    const reply = await replyTo({ rcpt: { say: `550 ${'jane.doe@example.org '.repeat(3000)}` } });
    expect(reply.length).toBeLessThanOrEqual(500);
    expect(reply).not.toContain('jane');
  });
});

describe('a stop', () => {
  const timeouts = { beforeBodyMs: 5_000, silenceMs: 5_000, totalMs: 5_000 };

  async function sendAndStop(script: Script, { when }: { when: string }) {
    // given
    const stop = new AbortController();
    const onCommand = (line: string) => line.startsWith(when) && stop.abort();
    const scripted = await startScriptedRelay(script, { onCommand });
    const plain = mailer({ port: scripted.port, tls: 'none', timeouts });

    // when
    const verdict = await plain.send(mailTo('jane@example.org'), stop.signal, claimed);
    await scripted.close();
    return { verdict, messages: scripted.seen.messages };
  }

  it.each([
    ['EHLO', 'ehlo'],
    ['AUTH', 'auth'],
    ['MAIL', 'mail'],
    ['RCPT', 'rcpt'],
    ['DATA', 'data'],
  ])('at %s ends the attempt', async (when, moment) => {
    const { verdict, messages } = await sendAndStop({ [moment]: 'hang' }, { when });
    expect(verdict).toMatchObject({ verdict: 'deferred', configuration: false });
    expect(verdict.reply).toContain('stopped');
    expect(messages).toEqual([]);
  });

  it('before the start prevents the connection', async () => {
    const verdict = await mailer({ port: 1 }).send(
      mailTo('jane@example.org'),
      AbortSignal.abort(),
      claimed,
    );
    expect(verdict).toMatchObject({ verdict: 'deferred', step: 'connect', configuration: false });
  });

  it('after the message waits for the final reply', async () => {
    // given
    const stop = new AbortController();
    relay.hooks.beforeReply = () => stop.abort();

    // when
    const verdict = await mailer().send(mailTo('jane@example.org'), stop.signal, claimed);

    // then
    expect(stop.signal.aborted).toBe(true);
    expect(verdict.verdict).toBe('accepted');
  });
});

describe('beforeFinalDot', () => {
  const asked = async (script: Script) => {
    const scripted = await startScriptedRelay(script);
    const commands: string[][] = [];
    const ask = () => Promise.resolve(void commands.push([...scripted.seen.commands]));
    const plain = mailer({ port: scripted.port, tls: 'none' });
    await plain.send(mailTo('jane@example.org'), never, ask);
    await scripted.close();
    return commands;
  };

  it('is called once, after the relay has accepted DATA', async () => {
    const [commands, ...more] = await asked({});
    expect(commands?.at(-1)).toBe('DATA');
    expect(more).toEqual([]);
  });

  const refusals: [string, Script][] = [
    ['the sender', { mail: { say: '451 later' } }],
    ['the recipient', { rcpt: { say: '550 no' } }],
    ['the message', { data: { say: '451 later' } }],
  ];
  it.each(refusals)('is not called when the relay refuses %s', async (_, script) => {
    expect(await asked(script)).toEqual([]);
  });
});

describe('the credentials', () => {
  it('are deferred as a configuration error when the relay refuses them', async () => {
    const verdict = await mailer({ password: 'wrong' }).send(
      mailTo('jane@example.org'),
      never,
      claimed,
    );
    expect(verdict).toMatchObject({
      verdict: 'deferred',
      step: 'auth',
      code: 535,
      configuration: true,
    });
  });
});
