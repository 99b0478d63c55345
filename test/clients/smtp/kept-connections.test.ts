import { setTimeout as sleep } from 'node:timers/promises';
import type { Verdict } from '../../../activities/send/mailer';
import { createMailer } from '../../../src/clients/smtp/mailer';
import type { SmtpConfig } from '../../../src/clients/smtp/connection-options';
import { say } from '../../../tools/sandbox/relay/broken-dialogues';
import { generateCertificate } from '../../../tools/sandbox/relay/certificate';
import {
  betweenMessages,
  type KeptDialogue,
  needsPause,
  relayBetween,
} from '../../../tools/sandbox/relay/kept-dialogues';
import {
  type FixedScript,
  type Moves,
  type Script,
  startScriptedRelay,
} from '../../../tools/sandbox/relay/scripted-relay';
import { until } from '../../../tools/sandbox/until';
import { begunTogether, type Row } from '../../support/begun-together';
import { claimed, mailTo } from '../../support/mail-to';
import { stall } from '../../support/stall';

const never = new AbortController().signal;
const LONG_MS = 20_000;
/** A third of it is for a kept connection, and two thirds for a greeting. */
const SHORT_MS = 6_000;

let certificate: { key: string; cert: string };
beforeAll(async () => {
  certificate = await generateCertificate('127.0.0.1');
});

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

async function create(script: Script | (() => Script), config: Partial<SmtpConfig> = {}) {
  const secured = config.tls === 'starttls';
  const relay = await startScriptedRelay(script, {
    certificate: secured ? certificate : undefined,
  });
  const events: string[] = [];
  const mailer = createMailer({
    ...{ host: '127.0.0.1', port: relay.port, username: 'mailer', password: 'secret' },
    ...{ tls: 'none', caCertificates: secured ? [certificate.cert] : [] },
    ehloName: 'notify.sender.example',
    onConnection: (event) => void events.push(event),
    ...config,
  });
  const send = (to = 'jane@example.org', stop = never) => mailer.send(mailTo(to), stop, claimed);
  const close = () => mailer.close().finally(relay.close);
  return { mailer, send, seen: relay.seen, events, close };
}

async function start(...parts: Parameters<typeof create>) {
  const started = await create(...parts);
  open.push(started);
  return started;
}

const verbs = (commands: string[]) => commands.map((line) => line.split(' ')[0]);
const verdictsOf = (verdicts: Verdict[]) => verdicts.map(({ verdict }) => verdict);
const times = <T>(count: number, make: () => T) => Array.from({ length: count }, make);

describe('several mails, one after the other', () => {
  it.each(['none', 'starttls'] as const)('take one connection with TLS %s', async (tls) => {
    const { send, seen } = await start({}, { tls });

    for (const _ of times(10, () => 0)) expect((await send()).verdict).toBe('accepted');

    expect(seen.connections).toBe(1);
    expect(seen.messages).toHaveLength(10);
    expect(verbs(seen.commands).filter((verb) => verb === 'AUTH')).toHaveLength(1);
    expect(verbs(seen.commands).slice(-3)).toEqual(['MAIL', 'RCPT', 'DATA']);
  });

  it('take a new connection after as many as one may have', async () => {
    const { send, seen } = await start({}, { connections: { messagesPerConnectionMax: 3 } });

    for (const _ of times(7, () => 0)) await send();

    expect(seen.connections).toBe(3);
    expect(verbs(seen.commands).filter((verb) => verb === 'QUIT')).toHaveLength(2);
  });

  it('take a new connection after one has been idle', async () => {
    const { send, seen } = await start({}, { connections: { idleMs: 50 } });
    await send();
    await until('it says QUIT', () => seen.commands.includes('QUIT'));

    await send();

    expect(seen.connections).toBe(2);
  });

  it.each<[string, Script, Verdict['verdict']]>([
    ['the recipient is refused', { rcpt: (line) => refuse(line, '550 5.1.1 no') }, 'refused'],
    ['the recipient is deferred', { rcpt: (line) => refuse(line, '450 later') }, 'deferred'],
    ['the message is refused', { dot: onlyAt(2, say('552 5.3.4 too big')) }, 'refused'],
  ])('take a new connection after %s', async (_, script, verdict) => {
    const { send, seen } = await start(script);
    const verdicts = [await send('first@example.org'), await send('bad@example.org')];

    verdicts.push(await send('last@example.org'));

    expect(verdictsOf(verdicts)).toEqual(['accepted', verdict, 'accepted']);
    expect(seen.connections).toBe(2);
    expect(seen.commands.filter((line) => line === 'QUIT')).toHaveLength(1);
  });
});

const refuse = (line: string, reply: string) => (line.includes('<bad@') ? say(reply) : undefined);
/** At one time of all, counted from 1; the usual answer at every other. */
function onlyAt(number: number, moves: Moves): () => Moves | undefined {
  let count = 0;
  return () => ((count += 1) === number ? moves : undefined);
}

interface Meeting {
  offer: FixedScript;
  tls: SmtpConfig['tls'];
  /** The second mail meets what the relay did while the connection was idle, or overtakes it. */
  pauseMs: number;
}

async function expectBothAccepted(dialogue: KeptDialogue, { offer, tls, pauseMs }: Meeting) {
  // given
  const beforeBodyMs = dialogue.waits ? SHORT_MS : LONG_MS;
  const timeouts = { beforeBodyMs, silenceMs: LONG_MS, totalMs: LONG_MS };
  const { send, seen, close } = await create(relayBetween(dialogue, offer), { tls, timeouts });
  const first = await send('first@example.org');
  await sleep(pauseMs);

  // when
  const second = await send('second@example.org').finally(close);

  // then
  expect(verdictsOf([first, second])).toEqual(['accepted', 'accepted']);
  expect(seen.messages.filter(Boolean).map(recipientOf)).toEqual(['first', 'second']);
  expect(seen.connections).toBe(dialogue.connections ?? 2);
}

const offers: [string, FixedScript, SmtpConfig['tls']][] = [
  ['in plain text', {}, 'none'],
  ['with PIPELINING', { extensions: ['PIPELINING'] }, 'none'],
  ['over TLS', { extensions: ['PIPELINING'] }, 'starttls'],
];
const waiting = betweenMessages.filter(({ waits }) => waits);
const prompt = betweenMessages.filter(({ waits }) => !waits);

describe.each(offers)('%s, between two messages the relay', (_, offer, tls) => {
  describe.each([
    ['at once', 0, prompt.filter((dialogue) => !needsPause(dialogue))],
    ['after a pause', 100, prompt],
  ])('%s', (_when, pauseMs, dialogues) => {
    // Jest calls no afterEach for them.
    it.concurrent.each(dialogues)('$what', async (dialogue) => {
      await expectBothAccepted(dialogue, { offer, tls, pauseMs });
    });
  });
});

describe('between two messages, the relay lets the sender wait:', () => {
  const rows = offers.flatMap(([how, offer, tls]) =>
    waiting.flatMap((dialogue) =>
      [0, 100].map((pauseMs): Row => [
        `${how}, it ${dialogue.what}, and the next mail comes after ${pauseMs} ms`,
        () => expectBothAccepted(dialogue, { offer, tls, pauseMs }),
      ]),
    ),
  );

  it.each(begunTogether(rows))('%s', async (_, expectEnd) => {
    await expectEnd();
  });
});

const recipientOf = (message: string) => /^To: (\w+)@/m.exec(message)?.[1];

describe('a kept connection that fails, and a fresh one that fails as well', () => {
  const closes: Script = { dot: [say('250 ok'), 'close'] };
  const closesAtMail = (): Script => ({ mail: onlyAt(2, 'close') });
  const busy = { step: 'greeting', code: 421, configuration: false };
  const locked = { step: 'auth', code: 535, configuration: true };

  it.each<[string, string, Script, Script, object]>([
    ['closed', 'greets with 421', closes, { connect: say('421 busy') }, busy],
    ['closed', 'refuses AUTH', closes, { auth: say('535 5.7.8 no') }, locked],
    ['closed at MAIL', 'greets with 421', closesAtMail(), { connect: say('421 busy') }, busy],
    ['closed at MAIL', 'refuses AUTH', closesAtMail(), { auth: say('535 5.7.8 no') }, locked],
  ])('is one failure when it is %s and the relay then %s', async (_, _then, kept, fresh, facts) => {
    let connections = 0;
    const { send, seen } = await start(() => ((connections += 1) === 1 ? kept : fresh));
    await send();

    expect(await send()).toMatchObject({ verdict: 'deferred', ...facts });

    expect(seen.connections).toBe(2);
  });
});

describe('an idle connection', () => {
  it.each<[string, number]>([
    ['250 queued', 1],
    ['554 spam after all', 1],
    ['421 4.4.2 timeout', 0],
  ])('on which the relay says "%s" is counted as out of step %d times', async (text, count) => {
    let speak = () => {};
    const idle = new Promise<void>((resolve) => (speak = resolve));
    const { send, events } = await start({
      dot: onlyAt(1, [say('250 ok'), { until: idle }, say(text)]),
    });
    await send();

    speak();
    await sleep(100);
    await send();

    expect(events.filter((event) => event === 'out_of_step')).toHaveLength(count);
  });
});

describe('a relay that answers an earlier mail once more, after the final dot of a later one', () => {
  it.each<[string, Script, number]>([
    ['MAIL of the next', { mail: onlyAt(3, say('554 spam')), quit: say('250 sender ok') }, 100],
    ['DATA of the next', { data: onlyAt(3, say('250 recipient ok')) }, 100],
    ['QUIT', { quit: say('250 queued') }, 2],
  ])('is counted as out of step at %s', async (_, script, messagesPerConnectionMax) => {
    const connections = { messagesPerConnectionMax };
    const { send, events } = await start(script, { connections });

    for (const _mail of times(3, () => 0)) expect((await send()).verdict).toBe('accepted');

    await until('it is counted', () => events.includes('out_of_step'));
    expect(events.filter((event) => event === 'out_of_step')).toHaveLength(1);
  });
});

describe('a kept connection whose relay is slow', () => {
  it.concurrent.each<[string, 'rcpt' | 'dot']>([
    ['at RCPT, as with a call-out,', 'rcpt'],
    ['after the final dot', 'dot'],
  ])('%s is not given up', async (_, moment) => {
    const timeouts = { beforeBodyMs: SHORT_MS, silenceMs: LONG_MS, totalMs: LONG_MS };
    const slow = onlyAt(2, [{ wait: SHORT_MS / 3 + 500 }, say('250 ok')]);
    const { send, seen, close } = await create({ [moment]: slow }, { timeouts });
    await send();

    expect((await send().finally(close)).verdict).toBe('accepted');

    expect(seen.connections).toBe(1);
  });
});

describe('a stall of the worker, after which the reply has arrived,', () => {
  it('at QUIT, lets a refusal over a kept connection count', async () => {
    const { send, seen } = await start({
      rcpt: (line) => refuse(line, '550 5.1.1 no'),
      quit: () => (stall(1_200), undefined),
    });
    await send();

    expect((await send('bad@example.org')).verdict).toBe('refused');

    expect(seen.connections).toBe(1);
  });

  it('at QUIT, lets no refusal over a fresh connection count that is out of step', async () => {
    const { send } = await start({
      rcpt: (line) => refuse(line, '550 5.1.1 no'),
      quit: () => (stall(1_200), say('250 recipient ok')),
    });

    expect(await send('bad@example.org')).toMatchObject({ verdict: 'deferred', code: 550 });
  });

  it('at MAIL, does not replace a kept connection', async () => {
    const timeouts = { beforeBodyMs: SHORT_MS };
    let mails = 0;
    const { send, seen } = await start(
      { mail: () => ((mails += 1) === 2 ? (stall(SHORT_MS / 3 + 200), undefined) : undefined) },
      { timeouts },
    );
    await send();

    expect((await send()).verdict).toBe('accepted');

    expect(seen.connections).toBe(1);
  });
});

describe('a stop', () => {
  it('ends an attempt over a kept connection, without another one', async () => {
    const stop = new AbortController();
    let mails = 0;
    const { send, seen } = await start({
      mail: () => ((mails += 1) === 2 ? (stop.abort(), 'hang') : undefined),
    });
    await send();

    const verdict = await send('jane@example.org', stop.signal);

    expect(verdict).toMatchObject({ verdict: 'deferred', step: 'mail-from', configuration: false });
    expect(verdict.reply).toContain('stopped');
    expect(seen.connections).toBe(1);
  });
});

describe('takeTurn', () => {
  it('lets as many mails go at once as there may be connections', async () => {
    const { mailer, send, seen } = await start({}, { connections: { connectionsMax: 3 } });
    const sendInTurn = async () => {
      const endTurn = await mailer.takeTurn(never);
      return send().finally(endTurn);
    };

    const verdicts = await Promise.all(times(20, sendInTurn));

    expect(verdictsOf(verdicts)).toEqual(times(20, () => 'accepted'));
    expect(seen.messages).toHaveLength(20);
    expect(seen.connections).toBe(3);
  });

  it('grants none after a stop', async () => {
    const { mailer } = await start({});

    expect(await mailer.takeTurn(AbortSignal.abort())).toBeUndefined();
  });

  it('ends with a stop', async () => {
    const { mailer } = await start({}, { connections: { connectionsMax: 1 } });
    const stop = new AbortController();
    await mailer.takeTurn(never);
    const turn = mailer.takeTurn(stop.signal);

    stop.abort();

    expect(await turn).toBeUndefined();
  });

  it('waits until a connection that is left has ended', async () => {
    let release = () => {};
    const left = new Promise<void>((resolve) => (release = resolve));
    const { mailer, send, seen } = await start(
      { quit: [{ until: left }, say('221 bye')] },
      { connections: { connectionsMax: 1, messagesPerConnectionMax: 1 } },
    );
    const endTurn = await mailer.takeTurn(never);
    await send();
    endTurn?.();
    let isNext = false;
    const next = mailer.takeTurn(never).then(() => (isNext = true));
    await until('it says QUIT', () => seen.commands.includes('QUIT'));
    expect(isNext).toBe(false);

    release();

    expect(await next).toBe(true);
  });
});

describe('a relay that takes two connections', () => {
  it.each([
    ['at the greeting', { connect: [say('421 4.7.0 too many connections'), 'close'] }],
    ['at AUTH', { auth: say('432 4.3.2 Concurrent connections limit exceeded') }],
  ] satisfies [string, Script][])(
    'and says so %s, gets the third mail over them',
    async (_, no) => {
      // given
      let connections = 0;
      let release = () => {};
      const held = new Promise<void>((resolve) => (release = resolve));
      const taking = { dot: [{ until: held }, say('250 queued')] };
      const { mailer, send, seen } = await start(() => ((connections += 1) <= 2 ? taking : no));
      const mails = times(2, () => send());
      await until('both are at the relay', () => seen.messages.length === 2);

      // when
      mails.push(send());
      await until('the third was told', () => seen.connections === 3);
      release();

      // then
      expect(verdictsOf(await Promise.all(mails))).toEqual(times(3, () => 'accepted'));
      const turns = times(3, () => mailer.takeTurn(AbortSignal.timeout(50)));
      expect((await Promise.all(turns)).map(Boolean)).toEqual([true, true, false]);
      expect(seen.connections).toBe(3);
    },
  );

  it('gives the third mail the place of one that ended, while the other still waits', async () => {
    // given
    let connections = 0;
    let [release, releaseBad] = [() => {}, () => {}];
    const held = new Promise<void>((resolve) => (release = resolve));
    const badHeld = new Promise<void>((resolve) => (releaseBad = resolve));
    const no: Script = { connect: [say('421 4.7.0 too many connections'), 'close'] };
    const { send, seen, events } = await start(() => {
      if ((connections += 1) === 3) return no;
      const isLast = connections > 3;
      return {
        rcpt: (line) => refuse(line, '550 no') && [{ until: badHeld }, say('550 5.1.1 no')],
        dot: isLast ? undefined : [{ until: held }, say('250 queued')],
      };
    });
    const slow = send();
    await until('it is at the relay', () => seen.messages.length === 1);
    const bad = send('bad@example.org');
    await until('both are at the relay', () => seen.connections === 2);
    const waiting = send();
    await until('the third was told', () => events.includes('limited'));

    // when
    releaseBad();

    // then
    expect((await waiting).verdict).toBe('accepted');
    release();
    expect(verdictsOf([await bad, await slow])).toEqual(['refused', 'accepted']);
    expect(seen.connections).toBe(4);
  });

  it.each<[string, (line: string) => Moves | undefined]>([
    ['is refused', (line) => refuse(line, '550 5.1.1 no')],
    ['closes', (line) => (line.includes('<bad@') ? 'close' : undefined)],
  ])('sends the mail that waits over a fresh one when the other %s', async (_, rcpt) => {
    // given
    let open = 0;
    let release = () => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    const { send, seen, events } = await start(() => ({
      connect: () =>
        (open += 1) === 2 ? [say('421 4.7.0 too many connections'), 'close'] : undefined,
      rcpt: (line) => (rcpt(line) ? [{ until: held }, rcpt(line) ?? []].flat() : undefined),
    }));
    const bad = send('bad@example.org');
    await until('it is at the relay', () => verbs(seen.commands).includes('RCPT'));
    const waiting = send();
    await until('it was told', () => events.includes('limited'));

    // when
    release();

    // then
    expect((await bad).verdict).not.toBe('accepted');
    expect((await waiting).verdict).toBe('accepted');
    expect(seen.connections).toBe(3);
  });

  it('of another client defers the mail', async () => {
    const { send, seen } = await start({ connect: say('421 4.7.0 too many connections') });

    expect(await send()).toMatchObject({ verdict: 'deferred', code: 421, cause: 'RATE' });

    expect(seen.connections).toBe(1);
  });
});

describe('a relay that answers 421 for too many mails', () => {
  it('at MAIL keeps the other connections', async () => {
    // given
    let isLimited = false;
    const mail = () => (isLimited ? say('421 4.7.28 too many mails') : undefined);
    const { mailer, send, seen } = await start({ mail });
    await Promise.all(times(3, () => send()));
    isLimited = true;

    // when
    const verdict = await send();

    // then
    expect(verdict).toMatchObject({ verdict: 'deferred', step: 'mail-from', cause: 'RATE' });
    expect(seen.connections).toBe(4);
    const turns = times(5, () => mailer.takeTurn(AbortSignal.timeout(50)));
    expect((await Promise.all(turns)).every(Boolean)).toBe(true);
    isLimited = false;
    expect(verdictsOf(await Promise.all(times(2, () => send())))).toEqual(
      times(2, () => 'accepted'),
    );
    expect(seen.connections).toBe(4);
  });
});

describe('a kept connection that is replaced', () => {
  it('is not believed when it refuses the recipient and is late at QUIT', async () => {
    let connections = 0;
    let release = () => {};
    const late = new Promise<void>((resolve) => (release = resolve));
    const { send, seen } = await start(() => {
      if ((connections += 1) > 1) return {};
      return { rcpt: onlyAt(2, say('550 5.1.1 no')), quit: [{ until: late }, say('221 bye')] };
    });
    await send();

    expect((await send().finally(release)).verdict).toBe('accepted');

    expect(seen.connections).toBe(2);
    expect(seen.commands).toContain('QUIT');
  });

  it('has ended at the relay before the next one begins', async () => {
    const events: string[] = [];
    const leave = () => sleep(100).then(() => void events.push('left'));
    let mails = 0;
    const { send } = await start({
      connect: () => (events.push('connected'), undefined),
      mail: () => ((mails += 1) === 2 ? say('503 5.5.1 sequence') : undefined),
      quit: () => [{ until: leave() }, say('221 bye')],
    });
    await send();

    expect((await send()).verdict).toBe('accepted');

    expect(events).toEqual(['connected', 'left', 'connected']);
  });
});

describe('close', () => {
  it('says QUIT on every connection', async () => {
    const { mailer, send, seen } = await start({});
    await Promise.all(times(3, () => send()));

    await mailer.close();

    expect(seen.connections).toBe(3);
    expect(seen.commands.filter((line) => line === 'QUIT')).toHaveLength(3);
  });

  it('does not wait for a relay that does not answer', async () => {
    const { mailer, send } = await start({ quit: 'hang' });
    await send();
    const startedAt = performance.now();

    await mailer.close();

    expect(performance.now() - startedAt).toBeLessThan(LONG_MS);
  });

  it('keeps no connection that comes back later', async () => {
    const { mailer, send, seen } = await start({});
    await mailer.close();

    await send();

    await until('it says QUIT', () => seen.commands.includes('QUIT'));
    expect(seen.messages).toHaveLength(1);
  });
});
