import { createMailer } from '../../../src/clients/smtp/mailer';
import type { SmtpConfig } from '../../../src/clients/smtp/transport-options';
import {
  afterTheMessage,
  beforeTheMessage,
  behindTls,
  broken,
  commandsTogether,
  deferred,
  type ExpectedVerdict,
  refusingTheRecipient,
  say,
  withinALongMessage,
} from '../../../tools/sandbox/relay/broken-dialogues';
import { type Phase, relayReplies } from '../../support/relay-replies';
import { claimed, mailTo } from '../../support/mail-to';
import { timeoutsFor } from '../../support/timeouts-for';
import { generateCertificate } from '../../../tools/sandbox/relay/certificate';
import { type Script, startScriptedRelay } from '../../../tools/sandbox/relay/scripted-relay';

const LONG = 20_000;
/** More than the sockets' buffers hold. */
const LONG_TEXT = `${'x'.repeat(70)}\n`.repeat(200_000);

/** Set where relays are to offer STARTTLS. */
const TLS: { certificate?: { key: string; cert: string } } = {};

async function play(script: Script, config: Partial<SmtpConfig> = {}, text = 'Hello\n') {
  const relay = await startScriptedRelay(script, { certificate: TLS.certificate });
  const mailer = createMailer({
    host: '127.0.0.1',
    port: relay.port,
    username: 'mailer',
    password: 'secret',
    tls: 'none',
    caCertificates: [],
    ehloName: 'notify.sender.example',
    timeouts: timeoutsFor(script),
    ...config,
  });
  const mail = mailTo('jane.doe@example.org', { text });
  const verdict = await mailer.send(mail, new AbortController().signal, claimed);
  await relay.close();
  return { verdict, seen: relay.seen };
}

async function expectVerdict(
  script: Script,
  expected: ExpectedVerdict,
  config?: Partial<SmtpConfig>,
) {
  const { verdict, seen } = await play(script, config);
  const { messages = 0, ...facts } = expected;
  const { reply, ...rest } = verdict;
  expect({ ...rest, cause: undefined }).toEqual(facts);
  expect(reply).not.toBe('');
  // nodemailer ends a DATA that it should not have been granted with a lone dot: no message.
  expect(seen.messages.filter(Boolean)).toHaveLength(messages);
  expect(seen.connections).toBe(1);
}

describe('a relay that breaks the dialogue before the message', () => {
  it.each(beforeTheMessage)('%s', async (_, script, expected) => {
    await expectVerdict(script, expected);
  });
});

describe('a relay that refuses the recipient', () => {
  it.each(refusingTheRecipient)('%s', async (_, script, expected) => {
    await expectVerdict(script, expected);
  });
});

describe('a reply of a real relay', () => {
  const MOMENTS = {
    ...{ C: 'connect', E: 'ehlo', A: 'auth', M: 'mail', R: 'rcpt', D: 'data', B: 'dot' },
  } as const;
  const cases = relayReplies.flatMap(([phases, reply, reaction]) =>
    phases.split(' ').map((phase) => [phase as Phase, reply, reaction] as const),
  );

  it.each(cases)('in phase %s, %j results in %s', async (phase, reply, reaction) => {
    // when
    const helo = phase === 'E' && { helo: say(reply) };
    const { verdict } = await play({ [MOMENTS[phase]]: say(reply), ...helo });

    // then
    const expected = {
      refuse: { verdict: 'refused' },
      wait: { verdict: 'deferred', configuration: false },
      hold: { verdict: 'deferred', configuration: true },
    };
    expect(verdict).toMatchObject({ ...expected[reaction], code: Number(reply.slice(0, 3)) });
  });
});

describe('a relay with command pipelining (RFC 2920)', () => {
  const extensions = ['PIPELINING'];
  it.each(commandsTogether)('%s', async (_, script, expected) => {
    await expectVerdict({ extensions, ...script }, expected);
  });
});

describe('a relay that breaks the dialogue after the message', () => {
  it.each(afterTheMessage)('%s', async (_, script, expected) => {
    await expectVerdict(script, expected);
  });
});

describe('a relay that answers before it received the message', () => {
  it.each(['250 ok', '550 no', '421 bye'])('sends %s together with its 354', async (answer) => {
    const { verdict } = await play({ data: say(`354 go\r\n${answer}`), dot: 'hang' });
    expect(verdict).toEqual({ verdict: 'ambiguous', reply: answer });
  });

  it('closes with its 354', async () => {
    const { verdict } = await play({ data: [say('354 go'), 'close'] });
    expect(verdict.verdict).toBe('ambiguous');
  });
});

describe('a relay that breaks the dialogue within a long message', () => {
  it.each(withinALongMessage)(
    '%s',
    async (_, script, expected) => {
      // when
      const { verdict, seen } = await play(script, { timeouts: { silenceMs: 2_000 } }, LONG_TEXT);

      // then
      const { reply, ...facts } = verdict;
      expect({ ...facts, cause: undefined }).toEqual(expected);
      expect(reply).not.toBe('');
      expect(seen.messages).toHaveLength(0);
    },
    LONG,
  );
});

describe('a relay that must use TLS', () => {
  beforeAll(async () => {
    TLS.certificate = await generateCertificate('127.0.0.1');
  });
  afterAll(() => {
    TLS.certificate = undefined;
  });
  const secured = (): Partial<SmtpConfig> => ({
    tls: 'starttls',
    caCertificates: [TLS.certificate!.cert],
  });
  it.each(behindTls)('%s', async (_, script, expected) => {
    await expectVerdict(script, expected, secured());
  });

  it('is not trusted without its root certificate', async () => {
    await expectVerdict({}, broken('starttls'), { tls: 'starttls' });
  });

  it('is not trusted under another name', async () => {
    TLS.certificate = await generateCertificate('mail.example.org');
    await expectVerdict({}, broken('starttls'), secured());
  });

  it('gets plain text without TLS in the configuration', async () => {
    // when
    const { verdict, seen } = await play({}, { tls: 'none' });

    // then
    expect(verdict.verdict).toBe('accepted');
    expect(seen.commands).not.toContain('STARTTLS');
  });

  it('never gets the password in plain text when it hides STARTTLS', async () => {
    const ehlo = say('250-relay\r\n250 AUTH PLAIN');
    const { verdict, seen } = await play({ ehlo, starttls: say('502 what') }, secured());
    expect(verdict).toMatchObject({ step: 'starttls', code: 502, configuration: true });
    expect(seen.commands.map((line) => line.split(' ')[0])).toEqual(['EHLO', 'STARTTLS']);
  });
});

describe('a relay that cannot be reached', () => {
  const refusing = { host: '127.0.0.1', port: 1 };
  const nameless = { host: 'relay.invalid' };

  it('refuses the connection', async () => {
    const { verdict } = await play({}, refusing);
    expect(verdict).toMatchObject(deferred('connect'));
    expect(verdict.reply).toContain('ECONNREFUSED');
  });

  it('resets the connection immediately', async () => {
    const { verdict } = await play({ connect: 'reset' });
    expect(verdict).toMatchObject({ verdict: 'deferred', configuration: false });
    // Which of them it is depends on whether the reset overtakes the connection.
    expect(['connect', 'greeting']).toContain('step' in verdict && verdict.step);
  });

  it('has no name in DNS', async () => {
    const { verdict } = await play({}, nameless);
    expect(verdict).toMatchObject({ verdict: 'deferred', step: 'connect' });
  });

  it('answers in plain text where implicit TLS is expected', async () => {
    const { verdict } = await play({}, { tls: 'implicit' });
    expect(verdict).toMatchObject(broken('connect'));
  });
});
