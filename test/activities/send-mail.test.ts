import type { Info } from '@temporalio/activity';
import type { ApplicationFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger, type LogEntry } from '@temporalio/worker';
import { randomUUID } from 'node:crypto';
import type { Ledger } from '../../activities/ledger';
import { createFindRecipient } from '../../activities/recipient/find-recipient';
import { createRecords } from '../../activities/record-in-ledger';
import { createReportChanges } from '../../activities/report-changes';
import type { DeferredSend } from '../../activities/send/deferred-send';
import { createLocalSends } from '../../activities/send/local-sends';
import { createSendAttempt } from '../../activities/send/send-attempt';
import type { Mailer } from '../../activities/send/mailer';
import { createSendMail } from '../../activities/send/send-mail';
import type { MailToSend, SettledSend, Unsent } from '../../workflows/core/deliver';
import { consequenceOf, type UncertainPolicy } from '../../activities/send/send-policy';
import { createLedger } from '../../src/clients/postgres/ledger';
import { createMailer } from '../../src/clients/smtp/mailer';
import type { SmtpTimeouts } from '../../src/clients/smtp/timeouts';
import { workflowId } from '../../workflows/core/workflow-id';
import {
  afterTheMessage,
  beforeTheMessage,
  behindTls,
  type BrokenDialogue,
  commandsTogether,
  type ExpectedVerdict,
  refusingTheRecipient,
  say,
  withinALongMessage,
} from '../../tools/sandbox/relay/broken-dialogues';
import { claimOf, type LedgerOnPostgres, ledgerOnPostgres } from '../support/ledger-on-postgres';
import { until } from '../../tools/sandbox/until';
import { timeoutsFor } from '../support/timeouts-for';
import { generateCertificate } from '../../tools/sandbox/relay/certificate';
import { afterOneMessage } from '../../tools/sandbox/relay/kept-dialogues';
import { type Script, startScriptedRelay } from '../../tools/sandbox/relay/scripted-relay';

const START_MS = 1;
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const GIVE_UP_AFTER = 96 * HOUR;
const POLICIES: UncertainPolicy[] = ['resend', 'park', 'assume_sent'];
const UNREACHABLE = 1;
const LOCAL_SENDS_MAX = 3;
/** Before the message, an attempt is deferred by whichever limit ends it. */
const SHORT_MS = 700;
/** The first message needs as much as a busy machine takes. */
const SHORT_WHEN_KEPT_MS = 6_000;
/** The wait for the reply must not be shorter than the database's answer before the dot. */
const SHORT_AFTER_BODY_MS = 3_000;
/** More than the sockets' buffers hold. */
const LONG_TEXT = `${'x'.repeat(70)}\n`.repeat(200_000);

let postgres: LedgerOnPostgres;
let down: LedgerOnPostgres;
let certificate: { key: string; cert: string };
beforeAll(async () => {
  postgres = ledgerOnPostgres();
  down = ledgerOnPostgres('postgres://worker:secret@127.0.0.1:1/ledger');
  certificate = await generateCertificate('127.0.0.1');
});
afterAll(() => Promise.all([postgres.close(), down.close()]));

interface Surroundings {
  port: number;
  policy?: UncertainPolicy;
  timeouts?: Partial<SmtpTimeouts>;
  secured?: boolean;
  text?: string;
  ledger?: Partial<Ledger>;
  mailer?: Mailer;
  /** Whether the activity makes the attempt, or a local one within the workflow task. */
  way?: Way;
  addressOf?: (userId: string) => string;
  shutdown?: AbortSignal;
}

type Way = 'sendMail' | 'sendLocally';
type AttemptEnd = SettledSend | Unsent | DeferredSend;
type Failure = Pick<ApplicationFailure, 'type' | 'message' | 'nextRetryDelay'>;

/** The activity with the real ledger and mailer, and what it has counted and logged. */
function sender({ port, policy = 'resend', way = 'sendMail', ...setting }: Surroundings) {
  const { timeouts, secured, text, ledger, shutdown = new AbortController().signal } = setting;
  const counted: string[] = [];
  const logged: LogEntry[] = [];
  const heartbeats: unknown[] = [];
  const template = { subject: '{file_name}', body: text ?? '{email_count} addresses\\n' };
  const { addressOf = () => 'jane.doe@example.org' } = setting;
  const recipients = {
    findAddresses: (userId: string) =>
      Promise.resolve([{ source: 'profile' as const, text: addressOf(userId) }]),
  };
  const reporting = createLedger({
    database: postgres.database,
    onChange: createReportChanges({
      countSend: ({ verdict }) => counted.push(verdict),
      countConfigurationError: (part) => counted.push(`configuration: ${part}`),
      countSettled: () => undefined,
      countResendRequest: () => undefined,
    }),
  });
  const attemptSend = createSendAttempt({
    findRecipient: createFindRecipient({ recipients, giveUpAfterMs: GIVE_UP_AFTER }),
    mailer:
      setting.mailer ??
      createMailer({
        ...{ host: '127.0.0.1', port, username: 'mailer', password: 'secret', timeouts },
        // With a certificate, each mailer parses all root certificates.
        ...(secured
          ? { tls: 'starttls', caCertificates: [certificate.cert] }
          : { tls: 'none', caCertificates: [] }),
        ehloName: 'notify.sender.example',
      }),
    ledger: { ...reporting, ...ledger },
    sender: {
      from: { name: 'BoltRoute', address: 'noreply@sender.example' },
      replyTo: 'support@sender.example',
      templates: { completed: template, failed: template },
    },
    uncertainPolicy: policy,
    giveUpAfterMs: GIVE_UP_AFTER,
  });
  const locally = createLocalSends(LOCAL_SENDS_MAX, shutdown);
  const activities = {
    sendMail: createSendMail(attemptSend),
    sendLocally: (mail: MailToSend) => locally((stop) => attemptSend(mail, { stop })),
  };

  /** How one attempt ended: with a settled send, or with what it is to be made again for. */
  async function attempt(mail: MailToSend, info: Partial<Info> = {}) {
    const env = environment(mail, info, logged);
    env.on('heartbeat', (details: unknown) => heartbeats.push(details));
    const activity: (mail: MailToSend) => Promise<AttemptEnd> = activities[way];
    return env.run<[MailToSend], AttemptEnd, typeof activity>(activity, mail).then(
      (ended) => {
        if ('delayMs' in ended) {
          const { unrecorded } = ended;
          return { settled: undefined, failure: toFailure(ended), unrecorded };
        }
        if ('reason' in ended) return { settled: undefined, failure: undefined, ...ended };
        return { settled: ended, failure: undefined };
      },
      (failure: unknown) => ({
        settled: undefined,
        failure: failure as Failure,
        unrecorded: undefined,
      }),
    );
  }

  return { attempt, ...activities, ledger: reporting, counted, logged, heartbeats };
}

const toFailure = ({ type, message, delayMs }: DeferredSend): Failure => ({
  ...{ type, message, nextRetryDelay: delayMs },
});

function environment(
  { taskId, outcome }: MailToSend,
  info: Partial<Info>,
  logged: LogEntry[] = [],
) {
  const workflowExecution = { workflowId: workflowId(taskId, outcome), runId: 'run-1' };
  return new MockActivityEnvironment(
    { workflowExecution, ...info },
    { logger: new DefaultLogger('TRACE', (entry) => logged.push(entry)) },
  );
}

const mailToSend = (change: Partial<MailToSend> = {}): MailToSend => ({
  taskId: randomUUID(),
  outcome: 'completed',
  userId: '6ba7b810-9dad-41d1-80b4-00c04fd430c8',
  fileName: 'customers.csv',
  emailCount: 12,
  mailDate: '2026-02-12T10:00:00.000Z',
  startedAt: new Date(START_MS).toISOString(),
  resend: 0,
  recordedRequests: 0,
  ...change,
});

/** The verdicts of which the log says that the ledger has not recorded them. */
const unrecordedIn = (logged: LogEntry[]) =>
  logged
    .filter(({ message }) => message === 'bulk_upload_notification.verdict_not_recorded')
    .map(({ meta }) => meta?.verdict as string);

const idOf = ({ taskId, outcome }: MailToSend) => workflowId(taskId, outcome);

/** An attempt that was scheduled so long after the delivery and its activity began. */
const waited = (milliseconds: number, attempt = 1): Partial<Info> => ({
  ...{ attempt, scheduledTimestampMs: START_MS },
  currentAttemptScheduledTimestampMs: START_MS + milliseconds,
});

async function withRelay<T>(
  script: Script,
  body: (relay: Awaited<ReturnType<typeof startScriptedRelay>>) => Promise<T>,
  options?: Parameters<typeof startScriptedRelay>[1],
): Promise<T> {
  const relay = await startScriptedRelay(script, options);
  return body(relay).finally(relay.close);
}

/** What each verdict means for the notification, by policy; no end: Temporal tries again. */
function consequence(verdict: ExpectedVerdict['verdict'], policy: UncertainPolicy) {
  const waiting = { state: 'waiting', reason: null, end: undefined };
  switch (verdict) {
    case 'accepted':
      return { state: 'sent', reason: null, end: 'accepted' };
    case 'refused':
      return { state: 'parked', reason: 'refused', end: 'refused' };
    case 'deferred':
      return waiting;
    case 'ambiguous':
      return {
        resend: waiting,
        park: { state: 'parked', reason: 'uncertain', end: 'uncertain' },
        assume_sent: { state: 'sent', reason: null, end: 'assumed' },
      }[policy];
  }
}

interface Setting extends Pick<Surroundings, 'secured' | 'text' | 'way'> {
  /** Whether an earlier mail was accepted over the connection. */
  isKept?: boolean;
}

async function expectAttempt(
  [, script, expected]: BrokenDialogue,
  policy: UncertainPolicy,
  { secured, isKept, ...setting }: Setting = {},
): Promise<void> {
  const mail = mailToSend();
  const shortMs = isKept ? SHORT_WHEN_KEPT_MS : SHORT_MS;
  const timeouts = timeoutsFor(script, shortMs, SHORT_AFTER_BODY_MS);
  await withRelay(
    isKept ? afterOneMessage(script) : script,
    async ({ port, seen }) => {
      // given
      const activity = sender({ port, policy, timeouts, secured, ...setting });
      if (isKept) {
        expect((await activity.attempt(mailToSend())).settled?.verdict).toBe('accepted');
        for (const record of [seen.messages, activity.counted, activity.logged]) record.length = 0;
      }

      // when
      const { settled, failure } = await activity.attempt(mail);

      // then
      const { state, reason, end } = consequence(expected.verdict, policy);
      expect(settled?.verdict).toBe(end);
      expect(settled?.unrecorded).toBeUndefined();
      if (!end) expectRetry(failure, expected);
      const messages = seen.messages.filter(Boolean);
      expect(messages).toHaveLength(expected.messages ?? 0);
      expect(seen.connections).toBeLessThanOrEqual(isKept ? 2 : 1);
      expect(await postgres.eventOf(idOf(mail))).toMatchObject({ state, reason });
      const attempts = await postgres.attemptsOf(idOf(mail));
      expect(attempts).toMatchObject([{ state: expected.verdict, resend: 0, run_id: 'run-1' }]);
      expect(attempts[0]?.submitted_at instanceof Date).toBe(messages.length > 0);
      expectCounted(activity, expected);
      if (expected.verdict === 'ambiguous') await expectSecondAttempt(mail, policy, messages[0]);
    },
    { certificate: secured ? certificate : undefined },
  );
}

function expectRetry(failure: Failure | undefined, expected: ExpectedVerdict): void {
  expect(failure?.type).toBe(`Send_${expected.verdict}`);
  expect((failure as Partial<ApplicationFailure>).nonRetryable).not.toBe(true);
  expect(failure?.message).not.toContain('@');
  const repair = 'configuration' in expected && expected.configuration;
  // A connection that is out of step is tried again soon.
  const slow = repair && !('code' in expected && expected.code === 503);
  expect(failure?.nextRetryDelay).toBeGreaterThanOrEqual(slow ? 15 * MINUTE : 48 * SECOND);
  expect(failure?.nextRetryDelay).toBeLessThanOrEqual(slow ? 18 * MINUTE : 6 * MINUTE);
}

function expectCounted(
  { counted, logged }: ReturnType<typeof sender>,
  expected: ExpectedVerdict,
): void {
  const repair = 'configuration' in expected && expected.configuration;
  expect(counted).toEqual([expected.verdict, ...(repair ? ['configuration: relay'] : [])]);
  const [entry] = logged.filter(({ message }) => message.startsWith('bulk_upload_notification.'));
  const failed = repair ? 'smtp_configuration_error' : 'smtp_send_failed';
  const key = expected.verdict === 'accepted' ? 'email_sent' : failed;
  expect(entry?.message).toBe(`bulk_upload_notification.${key}`);
  expect(JSON.stringify(entry?.meta)).not.toMatch(/jane|example\.org|secret/);
}

/** Sends the same bytes once more by policy resend, and nothing by the others. */
async function expectSecondAttempt(
  mail: MailToSend,
  policy: UncertainPolicy,
  first: string | undefined,
): Promise<void> {
  await withRelay({}, async ({ port, seen }) => {
    const { attempt } = sender({ port, policy });
    const { settled } = await attempt(
      { ...mail, mailDate: '2026-03-01T00:00:00.000Z' },
      { attempt: 2 },
    );
    const ends = { resend: 'accepted', park: 'uncertain', assume_sent: 'assumed' };
    expect(settled?.verdict).toBe(ends[policy]);
    expect(seen.messages).toEqual(policy === 'resend' ? [first] : []);
    expect(first).toContain(`\r\n <bulk.${mail.taskId}.completed@sender.example>\r\n`);
    expect(first).toContain('Date: Thu, 12 Feb 2026 10:00:00 +0000');
  });
}

function itEndsAsExpected(rows: BrokenDialogue[], setting?: Setting): void {
  // Most rows wait for the relay, several at once; a long message keeps the machine busy.
  const itEach = setting?.text ? it.each(rows) : it.concurrent.each(rows);
  itEach('%s', async (...row) => {
    await Promise.all(POLICIES.map((policy) => expectAttempt(row, policy, setting)));
  });

  itEach('locally: %s', async (...row) => {
    const locally: Setting = { ...setting, way: 'sendLocally' };
    await Promise.all(POLICIES.map((policy) => expectAttempt(row, policy, locally)));
  });

  // Not after a long message, which is as much for a busy machine as the database waits.
  if (setting?.text) return;
  itEach('over a kept connection: %s', async (...row) => {
    const kept: Setting = { ...setting, isKept: true };
    await Promise.all(POLICIES.map((policy) => expectAttempt(row, policy, kept)));
  });
}

describe('sendMail, by each policy, to a relay that breaks the dialogue before the message', () => {
  itEndsAsExpected(beforeTheMessage);
});

describe('sendMail, by each policy, to a relay that refuses the recipient', () => {
  itEndsAsExpected(refusingTheRecipient);
});

describe('sendMail, by each policy, to a relay that takes commands together', () => {
  itEndsAsExpected(
    commandsTogether.map(([what, script, expected]) => [
      what,
      { extensions: ['PIPELINING'], ...script },
      expected,
    ]),
  );
});

describe('sendMail, by each policy, to a relay that breaks the dialogue after the message', () => {
  // Whether the dot is out before this reset depends on the database's haste.
  itEndsAsExpected(afterTheMessage.filter(([what]) => what !== 'resets at the message'));
});

describe('sendMail, by each policy, to a relay that breaks off within a long message', () => {
  itEndsAsExpected(withinALongMessage, { text: LONG_TEXT });
});

describe('sendMail, by each policy, to a relay that must speak TLS', () => {
  itEndsAsExpected(behindTls, { secured: true });
});

describe('sendMail, when the ledger has an attempt already', () => {
  it.each(['run-1', 'run-2'])('sends nothing again after run-1 did, asked by %s', async (runId) => {
    const mail = mailToSend();
    await withRelay({}, async ({ port, seen }) => {
      const { attempt } = sender({ port });
      await attempt(mail);

      const again = await attempt(mail, { workflowExecution: { workflowId: idOf(mail), runId } });

      expect(again.settled).toEqual({ verdict: 'accepted', reply: '250 2.0.0 queued as 4711' });
      expect(seen.connections).toBe(1);
    });
  });

  it('sends a resend under a new Message-ID', async () => {
    const mail = mailToSend();
    await withRelay({}, async ({ port, seen }) => {
      const { attempt } = sender({ port });
      await attempt(mail);
      await postgres.ledger.requestResend(idOf(mail), { requestId: 'r1' }, 'run-1');

      const resent = await attempt({
        ...{ ...mail, resend: 1, recordedRequests: 1 },
        mailDate: '2026-03-01T00:00:00.000Z',
      });

      expect(resent.settled?.verdict).toBe('accepted');
      expect(seen.messages[1]).toContain(`<bulk.${mail.taskId}.completed.1@sender.example>`);
      expect(seen.messages[1]).toContain('Date: Sun, 01 Mar 2026');
      expect(await postgres.eventOf(idOf(mail))).toMatchObject({ state: 'sent', sent_count: 2 });
    });
  });

  const lost: [UncertainPolicy, end: SettledSend['verdict'], connections: number][] = [
    ['resend', 'accepted', 1],
    ['park', 'uncertain', 0],
    ['assume_sent', 'assumed', 0],
  ];
  it.each(lost)('of a worker lost after the dot, ends by policy %s as %s', async (...row) => {
    const [policy, end, connections] = row;
    const mail = mailToSend();
    const claimed = await postgres.ledger.claim(claimOf({ eventId: idOf(mail) }));
    await postgres.ledger.submit((claimed as { attemptId: string }).attemptId);

    await withRelay({}, async ({ port, seen }) => {
      const activity = sender({ port, policy });
      const { settled } = await activity.attempt(mail, { attempt: 2 });
      expect(settled?.verdict).toBe(end);
      expect(seen.connections).toBe(connections);
      expect(activity.counted).toEqual(['ambiguous', 'accepted'].slice(0, 1 + connections));
      expect(activity.logged).toContainEqual(
        expect.objectContaining({
          message: 'bulk_upload_notification.smtp_send_failed',
          meta: expect.objectContaining({ task_id: mail.taskId, verdict: 'ambiguous' }),
        }),
      );
    });
  });

  it.each(POLICIES)('of a worker lost before the dot, sends by policy %s', async (policy) => {
    const mail = mailToSend();
    await postgres.ledger.claim(claimOf({ eventId: idOf(mail) }));

    await withRelay({}, async ({ port, seen }) => {
      const { settled } = await sender({ port, policy }).attempt(mail, { attempt: 2 });
      expect(settled?.verdict).toBe('accepted');
      expect(seen.messages).toHaveLength(1);
    });
  });

  /** As when a worker stood still for so long that Temporal gave its attempt up. */
  it.each<Way>(['sendMail', 'sendLocally'])(
    'of the same worker still under way, %s waits for it',
    async (way) => {
      const mail = mailToSend();
      let recording!: () => void;
      const isRecording = new Promise<void>((resolve) => (recording = resolve));
      let record!: () => void;
      const mayRecord = new Promise<void>((resolve) => (record = resolve));
      let claims = 0;
      const slow: Partial<Ledger> = {
        async claim(claim) {
          claims += 1;
          const isNext = claims > 1;
          const claimed = await postgres.ledger.claim(claim);
          if (isNext) record();
          return claimed;
        },
        async settle(settlement) {
          recording();
          await mayRecord;
          return postgres.ledger.settle(settlement);
        },
      };

      await withRelay({}, async ({ port, seen }) => {
        const { attempt } = sender({ port, way, ledger: slow });
        const first = attempt(mail);
        await isRecording;
        const next = attempt(mail, { attempt: 2 });
        // As long as the next one takes to claim when it does not wait.
        setTimeout(record, 500);

        const ends = await Promise.all([first, next]);

        for (const { settled } of ends) expect(settled?.verdict).toBe('accepted');
        expect(seen.messages).toHaveLength(1);
      });
      expect(await postgres.attemptsOf(idOf(mail))).toMatchObject([{ state: 'accepted' }]);
    },
  );

  it.each<Way>(['sendMail', 'sendLocally'])('of a later attempt, %s sends nothing', async (way) => {
    const mail = mailToSend();
    await postgres.ledger.claim(
      claimOf({ eventId: idOf(mail), scheduledAt: new Date(START_MS + 10 * SECOND) }),
    );

    await withRelay({}, async ({ port, seen }) => {
      const late = { isLocal: way === 'sendLocally', ...waited(9 * SECOND) };
      const { failure } = await sender({ port, way }).attempt(mail, late);
      expect(failure).toMatchObject({ type: 'ClaimLost', nextRetryDelay: SECOND });
      expect(seen.messages).toHaveLength(0);
    });
    expect(await postgres.attemptsOf(idOf(mail))).toMatchObject([{ state: 'sending' }]);
  });

  it('does not send the final dot once another worker has taken over', async () => {
    const mail = mailToSend();
    const takenOver: Partial<Ledger> = {
      async submit(attemptId) {
        await postgres.ledger.claim(claimOf({ eventId: idOf(mail), runId: 'run-2' }));
        return postgres.ledger.submit(attemptId);
      },
    };

    await withRelay({}, async ({ port, seen }) => {
      const { failure } = await sender({ port, ledger: takenOver }).attempt(mail);
      expect(failure).toMatchObject({ type: 'ClaimLost' });
      expect(seen.messages).toHaveLength(0);
    });

    const attempts = await postgres.attemptsOf(idOf(mail));
    expect(attempts).toMatchObject([{ state: 'deferred' }, { state: 'sending', run_id: 'run-2' }]);
  });

  it.each<[policy: UncertainPolicy, states: string[], end: string]>([
    ['resend', ['accepted', 'deferred'], 'accepted'],
    ['park', ['ambiguous'], 'uncertain'],
    ['assume_sent', ['accepted'], 'accepted'],
  ])('ends by policy %s as the ledger says, when taken over after the dot', async (...row) => {
    const [policy, states, end] = row;
    const mail = mailToSend();
    const takenOver: Partial<Ledger> = {
      async settle(settlement) {
        const ifLost = consequenceOf('ambiguous', { policy, timeIsUp: false }).state;
        await postgres.ledger.claim(claimOf({ eventId: idOf(mail), ifLost }));
        return postgres.ledger.settle(settlement);
      },
    };

    await withRelay({}, async ({ port, seen }) => {
      const activity = sender({ port, policy, ledger: takenOver });
      const first = await activity.attempt(mail);
      const { settled } =
        end === 'accepted' ? first : await sender({ port, policy }).attempt(mail, { attempt: 2 });

      expect(first.failure?.type).toBe(end === 'accepted' ? undefined : 'ClaimLost');
      expect(settled?.verdict).toBe(end);
      expect(seen.messages).toHaveLength(1);
      expect(unrecordedIn(activity.logged)).toEqual(
        states.includes('accepted') ? [] : ['accepted'],
      );
    });

    const attempts = await postgres.attemptsOf(idOf(mail));
    expect(attempts.map(({ state }) => state)).toEqual(states);
  });
});

describe('sendMail, while the database is down', () => {
  it('sends nothing without a claim', async () => {
    await withRelay({}, async ({ port, seen }) => {
      const { attempt } = sender({ port, ledger: down.ledger });

      const { failure } = await attempt(mailToSend());

      expect(failure).toMatchObject({ type: 'DatabaseUnavailable', nonRetryable: false });
      expect(failure?.nextRetryDelay).toBe(2_000);
      expect(seen.connections).toBe(0);
    });
  });

  it.each(POLICIES)('from the body on, leaves no message at the relay (%s)', async (policy) => {
    const mail = mailToSend();
    const { submit, settle } = down.ledger;
    await withRelay({}, async ({ port, seen }) => {
      const failing = await sender({ port, policy, ledger: { submit, settle } }).attempt(mail);

      expect(failing.failure).toMatchObject({ type: 'Send_deferred' });
      expect(seen.messages).toHaveLength(0);
      expect(await postgres.attemptsOf(idOf(mail))).toMatchObject([{ state: 'sending' }]);

      const next = await sender({ port, policy }).attempt(mail, { attempt: 2 });

      expect(next.settled?.verdict).toBe('accepted');
      expect(seen.messages).toHaveLength(1);
      const attempts = await postgres.attemptsOf(idOf(mail));
      expect(attempts).toMatchObject([{ state: 'deferred' }, { state: 'accepted' }]);
    });
  });

  const ends: [what: string, Script, UncertainPolicy, SettledSend['verdict'], recorded: object][] =
    [
      ['a 250', {}, 'resend', 'accepted', { state: 'sent', sent_count: 1 }],
      [
        'a 550',
        { rcpt: say('550 no') },
        'resend',
        'refused',
        { state: 'parked', reason: 'refused' },
      ],
      ['silence', { dot: 'close' }, 'park', 'uncertain', { state: 'parked', reason: 'uncertain' }],
      ['silence', { dot: 'close' }, 'assume_sent', 'assumed', { state: 'sent', sent_count: 1 }],
    ];
  it.each(ends)('after %s (%j, %s), says what the ledger has to hear', async (...row) => {
    const [, script, policy, verdict, recorded] = row;
    const mail = mailToSend();
    const { settle } = down.ledger;
    await withRelay(script, async ({ port, seen }) => {
      const activity = sender({ port, policy, ledger: { settle } });
      const { settled } = await activity.attempt(mail);

      expect(settled).toMatchObject({ verdict, unrecorded: { attemptId: expect.any(String) } });
      expect(await postgres.eventOf(idOf(mail))).toMatchObject({ state: 'sending' });
      expect(activity.counted).toEqual([]);
      expect(unrecordedIn(activity.logged)).toEqual([settled?.unrecorded?.attempt]);

      const { recordSettlement } = createRecords(activity);
      for (const _ of ['first', 'again']) {
        await environment(mail, {}).run(recordSettlement, settled!.unrecorded!);
        expect(await postgres.eventOf(idOf(mail))).toMatchObject(recorded);
        expect(activity.counted).toEqual([settled?.unrecorded?.attempt]);
      }
      expect(seen.connections).toBe(1);
    });
  });

  /** The answer is lost, and the worker does not send the final dot. */
  const submitUnheard = async (attemptId: string) => {
    await postgres.ledger.submit(attemptId);
    throw new Error('the database is gone');
  };
  const notTaken: [what: string, Script, Partial<Ledger>, Way][] = (
    ['sendMail', 'sendLocally'] as const
  ).flatMap((way) => [
    ['a 451 after the dot', { dot: say('451 4.3.0 later') }, {}, way],
    ['a dot that was not sent', {}, { submit: submitUnheard }, way],
  ]);
  it.each(notTaken)('after %s (%j, %j, %s), sends it by assume_sent, too', async (...row) => {
    const [, script, ledger, way] = row;
    const mail = mailToSend();
    const policy = 'assume_sent';
    const { settle } = down.ledger;
    const first = await withRelay(script, ({ port }) =>
      sender({ port, policy, way, ledger: { ...ledger, settle } }).attempt(mail),
    );

    expect(first).toMatchObject({ failure: { type: 'Send_deferred' } });
    expect(first.unrecorded).toMatchObject({ attempt: 'deferred', state: 'waiting' });
    const { recordSettlement } = createRecords(postgres);
    await environment(mail, {}).run(recordSettlement, first.unrecorded!);

    await withRelay({}, async ({ port, seen }) => {
      const { settled } = await sender({ port, policy, way }).attempt(mail, { attempt: 2 });
      expect(settled?.verdict).toBe('accepted');
      expect(seen.messages).toHaveLength(1);
    });
    const attempts = await postgres.attemptsOf(idOf(mail));
    expect(attempts).toMatchObject([{ state: 'deferred' }, { state: 'accepted' }]);
  });

  it('sends nothing when another worker has parked it meanwhile', async () => {
    const mail = mailToSend();
    await withRelay({ rcpt: say('550 no') }, async ({ port, seen }) => {
      const { settled } = await sender({ port }).attempt(mail);
      const late = await sender({ port }).attempt(mail);

      expect(late.settled).toEqual(settled);
      expect(seen.connections).toBe(1);
    });
    expect(await postgres.attemptsOf(idOf(mail))).toMatchObject([{ state: 'refused' }]);
  });

  it('after a 4yz, takes the next attempt as usual', async () => {
    const mail = mailToSend();
    const { settle } = down.ledger;
    await withRelay({ rcpt: say('451 later') }, async ({ port }) => {
      const { failure } = await sender({ port, ledger: { settle } }).attempt(mail);
      expect(failure).toMatchObject({ type: 'Send_deferred' });
      await sender({ port }).attempt(mail, { attempt: 2 });
    });
    const attempts = await postgres.attemptsOf(idOf(mail));
    expect(attempts).toMatchObject([{ state: 'deferred' }, { state: 'deferred' }]);
    expect(await postgres.eventOf(idOf(mail))).toMatchObject({ state: 'waiting' });
  });
});

describe('sendMail, when the time is up', () => {
  const last: [what: string, Script, UncertainPolicy, SettledSend['verdict'], state: string][] = [
    ['a 451', { rcpt: say('451 later') }, 'resend', 'gave_up', 'parked'],
    ['a 535', { auth: say('535 no') }, 'resend', 'gave_up', 'parked'],
    ['a 451 after the dot', { dot: say('451 later') }, 'resend', 'gave_up', 'parked'],
    ['no answer', { dot: 'close' }, 'resend', 'uncertain', 'parked'],
    ['no answer', { dot: 'close' }, 'park', 'uncertain', 'parked'],
    ['no answer', { dot: 'close' }, 'assume_sent', 'assumed', 'sent'],
    ['a 550', { rcpt: say('550 no') }, 'resend', 'refused', 'parked'],
    ['a 250', {}, 'resend', 'accepted', 'sent'],
  ];
  it.each(last)('ends after %s (%j, %s) as %s', async (...row) => {
    const [, script, policy, verdict, state] = row;
    const mail = mailToSend();
    await withRelay(script, async ({ port }) => {
      const { settled } = await sender({ port, policy }).attempt(mail, waited(GIVE_UP_AFTER, 30));
      expect(settled).toMatchObject({ verdict, reply: expect.stringMatching(/./) });
    });
    const reason = state === 'parked' ? verdict : null;
    expect(await postgres.eventOf(idOf(mail))).toMatchObject({ state, reason });
  });

  it('parks as uncertain when the relay may have the mail from an earlier attempt', async () => {
    const mail = mailToSend();
    await withRelay({ dot: 'close' }, ({ port }) => sender({ port }).attempt(mail));

    const { settled } = await sender({ port: UNREACHABLE }).attempt(mail, waited(GIVE_UP_AFTER, 2));

    expect(settled?.verdict).toBe('uncertain');
    const parked = { state: 'parked', reason: 'uncertain' };
    expect(await postgres.eventOf(idOf(mail))).toMatchObject(parked);
  });

  it('parks a resend as gave_up although an attempt of the mail before it was ambiguous', async () => {
    const mail = mailToSend();
    await withRelay({ dot: 'close' }, ({ port }) =>
      sender({ port, policy: 'assume_sent' }).attempt(mail),
    );
    await postgres.ledger.requestResend(idOf(mail), { requestId: 'r1' }, 'run-1');

    const resend = { ...mail, resend: 1, recordedRequests: 1 };
    const { settled } = await sender({ port: UNREACHABLE }).attempt(resend, waited(GIVE_UP_AFTER));

    expect(settled?.verdict).toBe('gave_up');
  });

  it('parks as uncertain for whatever reason once an attempt of the mail is ambiguous', async () => {
    const mail = mailToSend();
    await withRelay({ dot: 'close' }, ({ port }) => sender({ port }).attempt(mail));
    await sender({ port: UNREACHABLE }).attempt(mail, waited(HOUR, 2));

    await environment(mail, {}).run(
      createRecords(postgres).recordParked,
      'recipient_missing',
      0,
      {},
    );

    const parked = { state: 'parked', reason: 'uncertain' };
    expect(await postgres.eventOf(idOf(mail))).toMatchObject(parked);
  });

  const bugs: [when: string, send: Mailer['send'], reason: string][] = [
    ['before the message was submitted', () => Promise.reject(new TypeError('a bug')), 'gave_up'],
    [
      'after the message was submitted',
      async (_mail, _stop, beforeFinalDot) => {
        await beforeFinalDot();
        throw new TypeError('a bug');
      },
      'uncertain',
    ],
  ];
  it.each(bugs)('gives up after an error that no code foresaw, %s', async (_when, send, reason) => {
    const mail = mailToSend();
    const mailer = { send, takeTurn: () => Promise.resolve(() => {}) };
    const { attempt } = sender({ port: UNREACHABLE, mailer });
    const { failure } = await attempt(mail, waited(HOUR, 3));
    expect(failure).toMatchObject({ type: 'TypeError', nextRetryDelay: expect.any(Number) });
    expect(failure?.nextRetryDelay).toBeGreaterThan(10 * MINUTE);

    const ended = await attempt(mail, waited(GIVE_UP_AFTER));

    expect(ended).toMatchObject({ reason: 'gave_up' });
    await environment(mail, {}).run(createRecords(postgres).recordParked, 'gave_up', 0, {});
    expect(await postgres.eventOf(idOf(mail))).toMatchObject({ state: 'parked', reason });
  });

  const clock: [left: string, milliseconds: number, attempt: number, gaveUp: boolean][] = [
    ['five hours', 5 * HOUR, 9, false],
    ['three hours', 3 * HOUR, 9, true],
    ['two minutes', 2 * MINUTE, 1, false],
    ['half a minute', 30 * SECOND, 1, true],
    ['nothing', 0, 1, true],
  ];
  it.each(clock)('with %s left looks whether the next attempt fits in', async (...row) => {
    const [, left, attempt, gaveUp] = row;
    const activity = sender({ port: UNREACHABLE });

    const { settled } = await activity.attempt(mailToSend(), waited(GIVE_UP_AFTER - left, attempt));

    expect(settled?.verdict).toBe(gaveUp ? 'gave_up' : undefined);
  });

  it('sends a notification that was given up when it is requested again', async () => {
    const mail = mailToSend();
    await sender({ port: UNREACHABLE }).attempt(mail, waited(GIVE_UP_AFTER));
    await postgres.ledger.requestResend(idOf(mail), { requestId: 'r1' }, 'run-1');

    await withRelay({}, async ({ port, seen }) => {
      const { settled } = await sender({ port }).attempt({ ...mail, recordedRequests: 1 });
      expect(settled?.verdict).toBe('accepted');
      expect(seen.messages).toHaveLength(1);
    });
  });
});

describe('sendMail, to a relay that refuses every recipient alike', () => {
  const sendTo = (activity: ReturnType<typeof sender>, name: string) =>
    activity.attempt(mailToSend({ userId: name }));

  it('parks the first, then waits with an alert, and goes on when the relay takes mail', async () => {
    let answer = '550 5.1.1 <jane.doe@example.org> rejected, see q1';
    await withRelay({ rcpt: () => say(answer) }, async ({ port }) => {
      const activity = sender({ port, addressOf: (name) => `${name}@example.org` });
      const first = [];
      for (const name of ['a', 'b', 'c', 'd', 'e']) first.push(await sendTo(activity, name));

      const held = await sendTo(activity, 'f');
      answer = '250 2.1.5 ok';
      const taken = await sendTo(activity, 'g');
      answer = '550 5.1.1 <jane.doe@example.org> rejected, see q1';
      const after = await sendTo(activity, 'h');

      expect(first.map(({ settled }) => settled?.verdict)).toEqual(Array(5).fill('refused'));
      expect(held.failure?.type).toBe('Send_deferred');
      expect(held.failure?.message).toContain('the relay refuses every recipient alike');
      expect(held.failure?.nextRetryDelay).toBeGreaterThanOrEqual(15 * MINUTE);
      expect(activity.counted).toContain('configuration: relay');
      expect(taken.settled?.verdict).toBe('accepted');
      expect(after.settled?.verdict).toBe('refused');
    });
  });
});

describe('sendMail, when it is to be retried', () => {
  const schedule = [1, 5, 15, 30, 60, 120, 240, 240, 240].map((minutes, i) => [i + 1, minutes]);
  it.each(schedule)('after attempt %d waits about %d minutes', async (attempt, minutes) => {
    const { failure } = await sender({ port: UNREACHABLE }).attempt(mailToSend(), { attempt });

    const delay = Number(failure?.nextRetryDelay) / MINUTE;
    expect(delay).toBeGreaterThanOrEqual(0.8 * minutes);
    expect(delay).toBeLessThanOrEqual(1.2 * minutes);
  });

  const words: [reply: string, minutes: number][] = [
    ['450 4.2.0 Greylisted, see our postmaster', 5],
    ['451 4.7.1 please try again later', 5],
    ['450 4.2.1 try again in 10 minutes', 10],
    ['451 try again in 3600 seconds', 60],
  ];
  it.each(words)('listens to "%s"', async (reply, minutes) => {
    await withRelay({ rcpt: say(reply) }, async ({ port }) => {
      const { failure } = await sender({ port }).attempt(mailToSend());
      expect(failure?.nextRetryDelay).toBeGreaterThanOrEqual(minutes * MINUTE);
      expect(failure?.nextRetryDelay).toBeLessThanOrEqual(1.2 * minutes * MINUTE);
      expect(failure?.message).toMatch(`rcpt-to: ${reply}`);
    });
  });

  it('does not count attempts that have not asked the relay', async () => {
    const info = { attempt: 8, heartbeatDetails: { unasked: 7 } };

    const { failure } = await sender({ port: UNREACHABLE }).attempt(mailToSend(), info);

    expect(failure?.nextRetryDelay).toBeGreaterThanOrEqual(0.8 * MINUTE);
    expect(failure?.nextRetryDelay).toBeLessThanOrEqual(1.2 * MINUTE);
  });

  it.each<[string, object, number]>([
    ['asked the relay', {}, 3],
    ['got no claim', { ledger: { claim: () => Promise.reject(new Error('gone')) } }, 4],
    ['got no turn', { mailer: { takeTurn: () => Promise.resolve(undefined) } }, 4],
  ])('notes for the next attempt whether this one %s', async (_, parts, unasked) => {
    const activity = sender({ port: UNREACHABLE, ...parts });

    await activity.attempt(mailToSend(), { attempt: 5, heartbeatDetails: { unasked: 3 } });

    expect(activity.heartbeats).toEqual([{ unasked }]);
  });

  it('hands on at once what a worker that shuts down has not begun', async () => {
    const mail = mailToSend();
    await withRelay({ connect: 'hang' }, async ({ port, seen }) => {
      const { sendMail } = sender({ port });
      const env = environment(mail, {});
      const sending = env.run(sendMail, mail).catch((err: unknown) => err);
      await until('the relay is asked', () => seen.connections === 1);
      env.cancel('WORKER_SHUTDOWN');

      expect(await sending).toMatchObject({ type: 'Send_deferred', nextRetryDelay: SECOND });
      expect(seen.messages).toHaveLength(0);
    });
    expect(await postgres.eventOf(idOf(mail))).toMatchObject({ state: 'waiting' });
  });
});

describe('sendMail, when no connection to the relay becomes free', () => {
  const takeTurn = () => Promise.resolve(undefined);

  it.each([1, 9])('after attempt %d tries again soon', async (attempt) => {
    const send = () => Promise.reject(new Error('not its turn'));
    const activity = sender({ port: UNREACHABLE, mailer: { takeTurn, send } });

    const { failure } = await activity.attempt(mailToSend(), { attempt });

    expect(failure).toMatchObject({ type: 'NoTurn', nextRetryDelay: 2 * SECOND });
    expect(failure?.message).toContain('wait for the relay');
  });

  it('names the database while it keeps the turns of other mails', async () => {
    let answer = (_err: Error): void => {};
    const claim = () => new Promise<never>((_resolve, reject) => (answer = reject));
    const turns = [() => {}, undefined];
    const mailer: Mailer = {
      takeTurn: () => Promise.resolve(turns.shift()),
      send: () => Promise.reject(new Error('not claimed')),
    };
    const activity = sender({ port: UNREACHABLE, mailer, ledger: { claim } });
    const first = activity.attempt(mailToSend());

    const second = await activity.attempt(mailToSend());

    expect(second.failure?.message).toContain('wait for the database');
    answer(new Error('no answer'));
    expect((await first).failure?.type).toBe('Error');
  });
});

describe('a local send', () => {
  it.each(['a resend', 'a shutdown of the worker'])('is stopped by %s', async (by) => {
    const mail = mailToSend();
    await withRelay({ connect: 'hang' }, async ({ port, seen }) => {
      const shutdown = new AbortController();
      const { sendLocally } = sender({ port, shutdown: shutdown.signal });
      const env = environment(mail, {});
      const sending = env.run(sendLocally, mail);
      await until('the relay is asked', () => seen.connections === 1);
      if (by === 'a resend') env.cancel();
      else shutdown.abort();

      expect(await sending).toMatchObject({ type: 'Send_deferred', delayMs: SECOND });
      expect(seen.messages).toHaveLength(0);
    });
    expect(await postgres.eventOf(idOf(mail))).toMatchObject({ state: 'waiting' });
  });

  it('leaves room for other workflow tasks when the relay hangs', async () => {
    await withRelay({ connect: 'hang' }, async ({ port, seen }) => {
      const shutdown = new AbortController();
      const { sendLocally } = sender({ port, shutdown: shutdown.signal });
      const held = Array.from({ length: LOCAL_SENDS_MAX }, () => {
        const mail = mailToSend();
        return environment(mail, {}).run(sendLocally, mail);
      });
      await until('the relay is asked', () => seen.connections === LOCAL_SENDS_MAX);
      const one = mailToSend();

      await expect(environment(one, {}).run(sendLocally, one)).rejects.toMatchObject({
        type: 'RelaySlow',
      });
      shutdown.abort();
      await Promise.all(held);
      expect(await environment(one, {}).run(sendLocally, one)).toMatchObject({ type: 'Stopped' });
      expect(await postgres.eventOf(idOf(one))).toBeUndefined();
    });
  });

  it('is what sendMail first ends as, so that a person sees why it waits', async () => {
    const mail = mailToSend();
    const deferred = { type: 'Send_deferred', message: 'rcpt-to: 450 4.2.0 later', delayMs: 7 };
    await withRelay({}, async ({ port, seen }) => {
      const { sendMail } = sender({ port });
      const run = (info: Partial<Info>) => environment(mail, info).run(sendMail, mail, deferred);

      await expect(run(waited(0))).rejects.toMatchObject({
        ...{ type: 'Send_deferred', message: 'rcpt-to: 450 4.2.0 later', nextRetryDelay: 7 },
      });
      expect(seen.connections).toBe(0);
      expect(await run(waited(7, 2))).toMatchObject({ verdict: 'accepted' });
    });
  });

  it('is not repeated by an operator who resets sendMail', async () => {
    const mail = mailToSend();
    await withRelay({}, async ({ port }) => {
      const env = environment(mail, waited(SECOND, 1));
      const { sendMail } = sender({ port });

      const deferred = { type: 'Send_deferred', message: 'later', delayMs: 7 };
      expect(await env.run(sendMail, mail, deferred)).toMatchObject({ verdict: 'accepted' });
    });
  });
});
