import { describeNotification, type Known } from '../../src/operator/describe-notification';
import { describeWatch } from '../../src/operator/describe-watch';
import type { Attempt, NotificationRow } from '../../src/operator/ledger-reader';
import type { NotificationRun, PendingStep } from '../../src/operator/notification-runs';

const AT = '2026-03-10T12:00:00.000Z';
const now = new Date('2026-03-10T12:05:00Z');

const row = (change: Partial<NotificationRow>): NotificationRow => ({
  ...{ eventId: 'bulk_upload_notification:x:completed', taskId: 'x', outcome: 'completed' },
  ...{ state: 'waiting', sentCount: 0, createdAt: AT, updatedAt: AT },
  ...change,
});
const attempt = (change: Partial<Attempt>): Attempt => ({
  ...{ id: '1', resend: 0, verdict: 'accepted', messageId: '<1@x>', claimedAt: AT },
  ...change,
});
const run = (change: Partial<NotificationRun> = {}): NotificationRun => ({
  ...{ runId: 'r', status: 'open', statusName: 'RUNNING', startedAt: AT, startedBy: 'webhook' },
  ...{ resendWindowMs: 0, shown: {}, pending: [] },
  ...change,
});
const closed = (shown: NotificationRun['shown'], statusName = 'COMPLETED') =>
  run({ status: 'closed', statusName, shown });
const known = (change: Partial<Known>): Known => ({ isTemporalKnown: true, now, ...change });
const step = (activity: string, change: Partial<PendingStep> = {}) => ({
  pending: [{ activity, attempt: 2, isRunning: false, nextAttemptAt: AT, ...change }],
});
const down = { failure: { type: 'DatabaseUnavailable', message: 'no answer' } };
const recorded = (change: Partial<NotificationRow>, attempts: Attempt[] = []) => ({
  ...{ notification: row(change), attempts, resends: [] },
});

describe('describeNotification', () => {
  it.each<[title: string, known: Partial<Known>, state: string, sentence: RegExp]>([
    [
      'the first try',
      { run: run() },
      'waiting',
      /^The mail is under way: everything is tried once now\.$/,
    ],
    [
      'an attempt that is under way',
      { run: run(), recorded: recorded({ state: 'sending' }, [attempt({ verdict: 'sending' })]) },
      'sending',
      /^The mail is being sent: a worker has been speaking to the relay since 2026-03-10 12:00:00 UTC\.$/,
    ],
    [
      'a line for a worker',
      {
        run: run({
          pending: [{ activity: 'sendMail', attempt: 1, isRunning: false, scheduledAt: AT }],
        }),
      },
      'waiting',
      /it has been in line for a worker since 2026-03-10 12:00:00 UTC\.$/,
    ],
    [
      'a run that was sent and stays open for a resend',
      {
        run: run({ resendWindowMs: 1, shown: { state: 'sent' } }),
        recorded: recorded({ state: 'sent' }),
      },
      'sent',
      /^Sent: the relay accepted the mail; nothing more is sent/,
    ],
    [
      'a closed run that has not reached the ledger',
      { run: closed({ state: 'nothing_to_send', reason: 'user_id_missing' }) },
      'nothing_to_send',
      /^No mail can be sent: neither the provider nor the webhook names the user\.$/,
    ],
    [
      'a run that was terminated before the mail was sent',
      { run: closed({}, 'TERMINATED'), recorded: recorded({ state: 'waiting' }) },
      'waiting',
      /^Not sent, and nothing will happen: its run has ended as TERMINATED\.$/,
    ],
    [
      'a run that Temporal has lost',
      { recorded: recorded({ state: 'sending' }) },
      'sending',
      /^Not sent, and nothing will happen: Temporal has no run of it\.$/,
    ],
    [
      'a wait of which Temporal does not answer',
      { recorded: recorded({ state: 'waiting' }), isTemporalKnown: false },
      'waiting',
      /^Not sent yet: waiting since 2026-03-10 12:00:00 UTC; Temporal knows/,
    ],
    [
      'a mail that was sent, whose run no worker has taken since',
      {
        run: run({ untakenSince: AT }),
        recorded: recorded({ state: 'sent', sentCount: 1 }, [attempt({ settledAt: AT })]),
      },
      'sent',
      /^Sent: the relay accepted the mail at .*; nothing more is sent unless .*, and such a request may wait: no worker has taken it since 2026-03-10 12:00:00 UTC\.$/,
    ],
    [
      'a parked mail, whose request cannot be recorded',
      {
        run: run(step('recordRequest', down)),
        recorded: recorded({ state: 'parked', reason: 'recipient_missing' }),
        giveUpAfterMs: 1,
      },
      'parked',
      /^Parked since .* address; a request to send it is not recorded yet: it waits for the database \(no answer\): attempt 2 is due at 2026-03-10 12:00:00 UTC\.$/,
    ],
    [
      'a mail that was sent, and a step of its run that is none of a request',
      { run: run(step('sendMail')), recorded: recorded({ state: 'sent' }) },
      'sent',
      /^Sent: the relay accepted the mail; nothing more is sent unless somebody asks for a resend\.$/,
    ],
    [
      'an end of the send that cannot be recorded',
      {
        run: run(step('recordSettlement', down)),
        recorded: recorded({ state: 'sending' }, [attempt({ verdict: 'sending' })]),
        giveUpAfterMs: 1,
      },
      'sending',
      /^The attempt to send it has ended, and the ledger has not been told yet: it waits for the database \(no answer\): attempt 2 is due at 2026-03-10 12:00:00 UTC\.$/,
    ],
    [
      'an attempt whose worker is lost',
      {
        run: run(step('sendMail')),
        recorded: recorded({ state: 'sending' }, [attempt({ verdict: 'sending' })]),
      },
      'waiting',
      /^The mail is not sent yet: it waits for the relay: attempt 2 is due at/,
    ],
    [
      'an attempt whose worker is lost while no other one lives',
      {
        run: run({ untakenSince: AT }),
        recorded: recorded({ state: 'sending' }, [attempt({ verdict: 'sending' })]),
      },
      'waiting',
      /^The mail is not sent yet: no worker has taken it since/,
    ],
    [
      'a durable attempt that is under way',
      {
        run: run(step('sendMail', { isRunning: true })),
        recorded: recorded({ state: 'sending' }, [attempt({ verdict: 'sending' })]),
      },
      'sending',
      /^The mail is being sent: a worker has been speaking/,
    ],
    [
      'a request that was handed over',
      {
        run: closed({ state: 'handed_over', handedOverTo: 'the other' }),
        recorded: recorded({ state: 'waiting' }),
      },
      'handed_over',
      /^Handed over: .* so the other sends the mail\.$/,
    ],
    [
      'a 250 that came after the attempt was taken over',
      {
        recorded: recorded({ state: 'sent', sentCount: 1 }, [
          attempt({ verdict: 'accepted' }),
          attempt({ verdict: 'ambiguous' }),
        ]),
      },
      'sent',
      /^Sent: the relay accepted the mail at/,
    ],
    [
      'a mail that was sent, and an attempt of its resend without an answer',
      {
        recorded: recorded({ state: 'sent', sentCount: 1 }, [
          attempt({ verdict: 'accepted' }),
          attempt({ verdict: 'ambiguous', resend: 1 }),
        ]),
      },
      'sent',
      /^Sent: the relay accepted the mail at/,
    ],
    [
      'a parked resend, whose reply is not that of the mail before',
      {
        recorded: recorded({ state: 'parked', reason: 'gave_up', sentCount: 1 }, [
          attempt({ reply: '250 queued' }),
        ]),
      },
      'parked',
      /GIVE_UP_AFTER allows; nothing more/,
    ],
    [
      'a hostile reply',
      {
        recorded: recorded({ state: 'parked', reason: 'refused' }, [
          attempt({ verdict: 'refused', reply: '550 \u001b[31m\u202eno`' }),
        ]),
      },
      'parked',
      /the recipient or the message \("550 \[31m no"\)/,
    ],
  ])('describes %s', (_, facts, state, sentence) => {
    const description = describeNotification(known(facts));

    expect(description).toMatchObject({ state, sentence: expect.stringMatching(sentence) });
  });

  it.each<[title: string, sentCount: number, attempts: Attempt[], remedy: RegExp]>([
    ['nothing was sent', 0, [attempt({ verdict: 'sending' })], /^Resend it with `--unless-sent`/],
    ['a mail was sent before', 1, [attempt({})], /^Resend it without `--unless-sent`/],
    [
      'the relay gave no answer',
      0,
      [attempt({ verdict: 'ambiguous' })],
      /^The relay may have it, and any resend may be a second mail: .* not there, resend it\.$/,
    ],
    [
      'the final dot of a resend was next',
      1,
      [attempt({}), attempt({ verdict: 'sending', resend: 1, submittedAt: AT })],
      /^The relay may have it, .* not there, resend it without `--unless-sent`/,
    ],
  ])('says how to resend what nobody works on: %s', (_, sentCount, attempts, expected) => {
    const { remedy } = describeNotification(
      known({ recorded: recorded({ state: 'sending', sentCount }, attempts) }),
    );

    expect(remedy).toMatch(expected);
  });

  it('counts the time until it is given up from the latest request', () => {
    const pending = [{ activity: 'fetchTask', attempt: 3, isRunning: true }];
    const asked = { requestId: 'r', resend: 0, requestedAt: '2026-03-10T12:03:00.000Z' };
    const facts = recorded({});

    const { wait } = describeNotification(
      known({
        run: run({ pending }),
        recorded: { ...facts, resends: [{ ...asked, result: 'waiting' }] },
        giveUpAfterMs: 60_000,
      }),
    );

    expect(wait).toEqual({ for: 'the provider', attempt: 3, giveUpAt: '2026-03-10T12:04:00.000Z' });
  });
});

describe('describeWatch', () => {
  it.each([
    [
      { result: 'webhook_lost' as const },
      'The webhook was lost: this watch started the notification.',
    ],
    [{ status: 'closed' as const, statusName: 'TERMINATED' }, 'The watch has ended as TERMINATED.'],
    [
      {
        pending: [
          {
            ...{ activity: 'checkUpload', attempt: 2, isRunning: false, nextAttemptAt: AT },
            failure: { type: 'UploadNotFinal', message: 'the file is still processing' },
          },
        ],
      },
      'The upload is watched, and its webhook is overdue: it waits for the provider (the file is still processing): attempt 2 is due at 2026-03-10 12:00:00 UTC.',
    ],
  ])('describes %j', (change, sentence) => {
    expect(describeWatch({ ...run(), ...change }, now)).toBe(sentence);
  });
});
