import { createMailer } from '../../../src/clients/smtp/mailer';
import type { SmtpConfig } from '../../../src/clients/smtp/connection-options';
import {
  afterTheMessage,
  beforeTheMessage,
  behindTls,
  broken,
  type BrokenDialogue,
  commandsTogether,
  deferred,
  type ExpectedVerdict,
  onlyTogether,
  refusingTheRecipient,
  say,
  withinALongMessage,
} from '../../../tools/sandbox/relay/broken-dialogues';
import { type Phase, relayReplies } from '../../support/relay-replies';
import { claimed, mailTo } from '../../support/mail-to';
import { begunTogether, type Row } from '../../support/begun-together';
import { timeoutsFor, waits } from '../../support/timeouts-for';
import { generateCertificate } from '../../../tools/sandbox/relay/certificate';
import { afterOneMessage } from '../../../tools/sandbox/relay/kept-dialogues';
import { type FixedScript, startScriptedRelay } from '../../../tools/sandbox/relay/scripted-relay';

/** Outlasts a pause of a busy machine before the relay falls silent, or each step would look like it. */
const SHORT_MS = 4_000;
/** More than the sockets' buffers hold. */
const LONG_TEXT = `${'x'.repeat(70)}\n`.repeat(200_000);

type Certificate = Awaited<ReturnType<typeof generateCertificate>>;
let certificate: Certificate;
beforeAll(async () => {
  certificate = await generateCertificate('127.0.0.1');
});

type Connection = 'fresh' | 'kept';
const connections: Connection[] = ['fresh', 'kept'];

interface Played {
  config?: Partial<SmtpConfig>;
  text?: string;
  connection?: Connection;
  /** Of a relay that offers STARTTLS. */
  certificate?: Certificate;
}

const secured = (): Played => ({
  certificate,
  config: { tls: 'starttls', caCertificates: [certificate.cert] },
});

/** Over a kept connection, a first message is accepted before the script begins. */
async function play(script: FixedScript, played: Played = {}) {
  const { config, text = 'Hello\n', connection, ...offer } = played;
  const isKept = connection === 'kept';
  const relay = await startScriptedRelay(isKept ? afterOneMessage(script) : script, offer);
  const mailer = createMailer({
    host: '127.0.0.1',
    port: relay.port,
    username: 'mailer',
    password: 'secret',
    tls: 'none',
    caCertificates: [],
    ehloName: 'notify.sender.example',
    timeouts: timeoutsFor(script, SHORT_MS),
    ...config,
  });
  const never = new AbortController().signal;
  if (isKept) {
    const first = await mailer.send(mailTo('first@example.org'), never, claimed);
    expect(first.verdict).toBe('accepted');
    relay.seen.messages.length = 0;
  }
  const mail = mailTo('jane.doe@example.org', { text });
  const verdict = await mailer.send(mail, never, claimed);
  await mailer.close();
  await relay.close();
  return { verdict, seen: relay.seen };
}

async function expectVerdict(script: FixedScript, expected: ExpectedVerdict, played?: Played) {
  const { verdict, seen } = await play(script, played);
  const { messages = 0, ...facts } = expected;
  const { reply, ...rest } = verdict;
  expect({ ...rest, cause: undefined }).toEqual(facts);
  expect(reply).not.toBe('');
  // nodemailer ends a DATA that it should not have been granted with a lone dot: no message.
  expect(seen.messages.filter(Boolean)).toHaveLength(messages);
  expect(seen.connections).toBeLessThanOrEqual(played?.connection === 'kept' ? 2 : 1);
}

/** RFC 2920. */
const together = [...commandsTogether, ...onlyTogether].map(
  ([what, script, expected]): BrokenDialogue => [
    `takes commands together and ${what}`,
    { extensions: ['PIPELINING'], ...script },
    expected,
  ],
);
const dialogues = [...beforeTheMessage, ...refusingTheRecipient, ...afterTheMessage, ...together];
const isWaiting = ([, script]: BrokenDialogue) => waits(script);
const isPrompt = (row: BrokenDialogue) => !isWaiting(row);

describe('a relay that lets the sender wait:', () => {
  const rows = connections.flatMap((connection) => [
    ...dialogues
      .filter(isWaiting)
      .map(([what, script, expected]): Row => [
        `over a ${connection} connection, it ${what}`,
        () => expectVerdict(script, expected, { connection }),
      ]),
    ...behindTls
      .filter(isWaiting)
      .map(([what, script, expected]): Row => [
        `over a ${connection} connection with TLS, it ${what}`,
        () => expectVerdict(script, expected, { ...secured(), connection }),
      ]),
  ]);

  it.each(begunTogether(rows))('%s', async (_, expectEnd) => {
    await expectEnd();
  });
});

describe.each(connections)('over a %s connection, a relay that', (connection) => {
  it.concurrent.each(dialogues.filter(isPrompt))('%s', async (_, script, expected) => {
    await expectVerdict(script, expected, { connection });
  });

  it.each(withinALongMessage)('%s within a long message', async (_, script, expected) => {
    // when
    const { verdict, seen } = await play(script, { text: LONG_TEXT, connection });

    // then
    const { reply, ...facts } = verdict;
    expect({ ...facts, cause: undefined }).toEqual(expected);
    expect(reply).not.toBe('');
    expect(seen.messages).toHaveLength(0);
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

describe.each(connections)(
  'over a %s connection, a relay that sends with its 354',
  (connection) => {
    it.each([
      ['250 ok', broken('body', 250)],
      ['550 no', broken('body', 550)],
      ['421 bye', deferred('body', { code: 421 })],
    ])('a reply %s does not get the final dot', async (answer, expected) => {
      await expectVerdict({ data: say(`354 go\r\n${answer}`) }, expected, { connection });
    });

    it('a FIN may have the message', async () => {
      const { verdict } = await play({ data: [say('354 go'), 'close'] }, { connection });
      expect(verdict.verdict).toBe('ambiguous');
    });
  },
);

describe('a relay that must use TLS', () => {
  it.concurrent.each(behindTls.filter(isPrompt))('%s', async (_, script, expected) => {
    await expectVerdict(script, expected, secured());
  });

  it.concurrent.each(behindTls.filter(isPrompt))(
    'over a kept connection, %s',
    async (_, script, expected) => {
      await expectVerdict(script, expected, { ...secured(), connection: 'kept' });
    },
  );

  it('is not trusted without its root certificate', async () => {
    await expectVerdict({}, broken('starttls'), { certificate, config: { tls: 'starttls' } });
  });

  it('is not trusted under another name', async () => {
    const other = await generateCertificate('mail.example.org');
    const config: Played['config'] = { tls: 'starttls', caCertificates: [other.cert] };
    await expectVerdict({}, broken('starttls'), { certificate: other, config });
  });

  it('gets plain text without TLS in the configuration', async () => {
    // when
    const { verdict, seen } = await play({}, { certificate, config: { tls: 'none' } });

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
    const { verdict } = await play({}, { config: refusing });
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
    const { verdict } = await play({}, { config: nameless });
    expect(verdict).toMatchObject({ verdict: 'deferred', step: 'connect' });
  });

  it('answers in plain text where implicit TLS is expected', async () => {
    const { verdict } = await play({}, { config: { tls: 'implicit' } });
    expect(verdict).toMatchObject(broken('connect'));
  });
});
