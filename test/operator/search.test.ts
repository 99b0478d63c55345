import { randomUUID } from 'node:crypto';
import { transient } from '../../activities/failures/transient';
import { createLedger } from '../../src/clients/postgres/ledger';
import { createLedgerReader } from '../../src/clients/postgres/ledger-reader';
import { createRunUrl } from '../../src/operator/run-url';
import { createSearch, type NotificationDetail, type Shown } from '../../src/operator/search';
import { statusOf } from '../../src/temporal/describe-run';
import { createNotificationRuns } from '../../src/temporal/notification-runs';
import { addUser } from '../../tools/sandbox/postgres/add-user';
import { until } from '../../tools/sandbox/until';
import type { Outcome } from '../../workflows/core/outcome';
import { workflowId } from '../../workflows/core/workflow-id';
import { resendSignal } from '../../workflows/notification/messages';
import { accepted, createFakes } from '../support/fakes';
import { suite } from '../support/suite';
import { withUploadWatches } from '../support/upload-watches';
import { useLedger } from '../support/use-ledger';
import { useTemporal, withWorker } from '../support/workflow-worker';

type Answers = Parameters<typeof createFakes>[0];

const { postgres } = useLedger();
const temporal = useTemporal();

const searchOf = (change: Partial<Parameters<typeof createSearch>[0]> = {}) =>
  createSearch({
    ledger: createLedgerReader(postgres.database),
    runs: createNotificationRuns(temporal),
    runUrlOf: createRunUrl('http://ui.example', 'default'),
    giveUpAfterMs: 96 * 60 * 60 * 1_000,
    ...change,
  });

function detailOf(shown: Shown): NotificationDetail {
  if (shown.found !== 'notification') throw new Error(`found ${shown.found}`);
  return shown.notification;
}

/** Shows the task again and again until its sentence says what is expected. */
async function showUntil(query: string, expected: RegExp): Promise<NotificationDetail> {
  let shown = await searchOf().show(query);
  await until(`${query} is shown`, async () => {
    shown = await searchOf().show(query);
    return shown.found === 'notification' && expected.test(shown.notification.sentence);
  }).catch((err: unknown) => {
    throw new Error(`${String(err)}: ${JSON.stringify(shown)}`);
  });
  return detailOf(shown);
}

const fault = {
  fault: 'unavailable' as const,
  cause: 'ECONNREFUSED',
  message: 'no answer (ECONNREFUSED)',
};
const deferred = {
  ...{ verdict: 'deferred' as const, step: 'auth' as const, code: 535, cause: '535' },
  ...{ reply: '535 5.7.8 bad credentials', configuration: true },
};
const outage = transient('DatabaseUnavailable', 'the database did not answer (ECONNREFUSED)', {
  ...{ part: 'database' as const, code: 'ECONNREFUSED' },
});

interface Case {
  answers: Answers;
  says: RegExp;
  shown: Partial<NotificationDetail>;
  hasRemedy: boolean;
  outcome?: Outcome;
  recipientMaxPerDay?: number;
}

const WAITING = {
  state: 'waiting' as const,
  runStatus: 'open' as const,
  startedBy: 'webhook' as const,
};
const NEITHER =
  'the ledger has no mail, and Temporal, which forgets closed runs after 30 days, has no run.';
const parked = (reason: NotificationDetail['reason']) => ({ state: 'parked' as const, reason });

const CASES: Record<string, Case> = {
  sent: {
    answers: {},
    says: /^Sent: the relay accepted the mail at .* UTC; nothing more is sent unless/,
    shown: { state: 'sent', fileName: 'customers.csv', emailCount: 12 },
    hasRemedy: false,
  },
  'waiting for the relay': {
    answers: { verdicts: [deferred] },
    says: /waits for the relay \(auth: 535 .*\): attempt 2 is due at .* UTC, until it is given up at/,
    shown: { ...WAITING, wait: expect.objectContaining({ for: 'the relay', attempt: 2 }) },
    hasRemedy: true,
  },
  'waiting for the provider': {
    answers: { tasks: [fault] },
    says: /waits for the provider \(no answer \(ECONNREFUSED\)\): attempt \d+ is due at/,
    shown: { ...WAITING, wait: expect.objectContaining({ for: 'the provider' }) },
    hasRemedy: true,
  },
  'waiting for the database': {
    answers: { addresses: [outage] },
    says: /waits for the database \(the database did not answer \(ECONNREFUSED\)\)/,
    shown: { ...WAITING, wait: expect.objectContaining({ for: 'the database' }) },
    hasRemedy: true,
  },
  'parked: no address': {
    answers: { addresses: [[]] },
    says: /^Parked since .* UTC: the user has no valid e-mail address; nothing more is sent/,
    shown: parked('recipient_missing'),
    hasRemedy: true,
  },
  'parked: refused': {
    answers: {
      verdicts: [{ verdict: 'refused', step: 'rcpt-to', code: 550, reply: '550 5.1.1 no' }],
    },
    says: /the relay refused the recipient or the message \("550 5\.1\.1 no"\)/,
    shown: parked('refused'),
    hasRemedy: true,
  },
  'parked: nothing known of the file': {
    answers: { tasks: [{ fileName: undefined }] },
    says: /the provider does not know the task or the name of its file/,
    shown: parked('task_metadata_missing'),
    hasRemedy: true,
  },
  'parked: uncertain': {
    answers: { verdicts: [{ verdict: 'ambiguous', reply: 'timeout' }], policy: 'park' },
    says: /the relay got the whole message and gave no answer/,
    shown: parked('uncertain'),
    hasRemedy: true,
  },
  'parked: given up': {
    answers: { tasks: [fault], giveUpAfterMs: 0 },
    says: /nothing answered for as long as GIVE_UP_AFTER allows/,
    shown: parked('gave_up'),
    hasRemedy: true,
  },
  'assumed to be sent': {
    answers: { verdicts: [{ verdict: 'ambiguous', reply: 'timeout' }], policy: 'assume_sent' },
    says: /^Assumed to be sent at .*: the relay got the mail and gave no answer/,
    shown: { state: 'sent' },
    hasRemedy: false,
  },
  'nothing to send': {
    answers: { tasks: [{ fileBacked: false }] },
    says: /^No mail is due: the task has no file\.$/,
    shown: { state: 'nothing_to_send', reason: 'not_file_backed' },
    hasRemedy: false,
  },
};

it.each([
  ['RUNNING', 'open'],
  ['PAUSED', 'open'],
  ['TERMINATED', 'closed'],
])('a run that is %s is %s', (name, status) => {
  expect(statusOf(name)).toBe(status);
});

describe('show', () => {
  it.each(Object.entries(CASES))('says of a task: %s', async (_, { answers, ...expected }) => {
    const fakes = createFakes({ ledger: postgres.ledger, ...answers });

    await withWorker({ ...temporal, fakes }, async (start) => {
      const taskId = randomUUID();
      await start({ taskId });

      const detail = await showUntil(taskId, expected.says);

      expect(detail).toMatchObject({ eventId: workflowId(taskId, 'completed'), ...expected.shown });
      expect(detail.remedy !== undefined).toBe(expected.hasRemedy);
      expect(detail.webhookAt).toBeDefined();
      expect(detail.runUrl).toContain('http://ui.example/namespaces/default/workflows/bulk_upload');
      expect(JSON.stringify({ ...detail, attempts: [] })).not.toContain('owner@');
    });
  });

  it('says that the address had its mails of the day', async () => {
    const recipient = `owner-${randomUUID()}@customer.example`;
    const ledger = createLedger({ database: postgres.database, recipientMaxPerDay: 1 });
    const fakes = createFakes({ ledger, addresses: [[recipient]] });

    await withWorker({ ...temporal, fakes }, async (start) => {
      await (await start()).result();
      const taskId = randomUUID();
      await start({ taskId });

      const detail = await showUntil(taskId, /the address had a day's first mails/);

      expect(detail).toMatchObject(parked('recipient_limit'));
    });
  });

  it('shows the notification that was handed over to, and where it came from', async () => {
    const userId = randomUUID();
    const tasks = [{ userId, fileStatus: 'failed' }];
    const fakes = createFakes({ ledger: postgres.ledger, tasks });

    await withWorker({ ...temporal, fakes }, async (start) => {
      const taskId = randomUUID();
      await start({ taskId });

      const sent = await showUntil(taskId, /^Sent: /);
      const first = await showUntil(workflowId(taskId, 'completed'), /^Handed over: /);
      const byUser = async () => {
        const { runs } = await createNotificationRuns(temporal).findByUser(userId);
        return runs.length === 2 && runs.every(({ status }) => status === 'closed');
      };
      await until('both runs are listed', byUser);
      expect(detailOf(await searchOf().show(userId)).eventId).toBe(sent.eventId);

      expect(sent).toMatchObject({ outcome: 'failed', startedBy: 'hand_over' });
      expect(first).toMatchObject({ state: 'handed_over', handedOverTo: sent.eventId });
    });
  });

  it('says that a resend is under way, and who asked for it', async () => {
    const fakes = createFakes({ ledger: postgres.ledger, verdicts: [accepted, deferred] });

    await withWorker({ ...temporal, fakes }, async (start) => {
      const taskId = randomUUID();
      const handle = await start({ taskId }, 'completed', { resendWindowMs: 60_000 });
      const sent = await showUntil(taskId, /^Sent: /);
      await handle.signal(resendSignal, {
        requestId: 'r1',
        requestedBy: 'ada\u202e',
        reason: 'lost',
      });

      const detail = await showUntil(
        taskId,
        /^Resend 1 \(asked for by ada at .*\) is not sent yet/,
      );

      expect(sent.resendableUntil).toBeDefined();
      expect(detail.resends).toEqual([expect.objectContaining({ result: 'waiting', resend: 1 })]);
      expect(detail.attempts.map(({ verdict }) => verdict)).toEqual(['accepted', 'deferred']);
    });
  });

  it('shows from the ledger what Temporal has forgotten', async () => {
    const fakes = createFakes({ ledger: postgres.ledger });

    await withWorker({ ...temporal, fakes }, async (start) => {
      const handle = await start();
      await handle.result();
      const { namespace } = temporal.client.options;
      await temporal.client.workflowService.deleteWorkflowExecution({
        namespace,
        workflowExecution: { workflowId: handle.workflowId },
      });
      const runs = createNotificationRuns(temporal);
      const isForgotten = async () => !(await runs.describe(handle.workflowId));
      await until('it is deleted', isForgotten, { timeoutMs: 60_000 });

      const detail = detailOf(await searchOf().show(handle.workflowId));

      expect(detail).toMatchObject({ state: 'sent', runStatus: 'forgotten' });
      expect(detail).not.toHaveProperty('runUrl');
    });
  }, 90_000);

  it('says that no worker takes the notification', async () => {
    const taskId = randomUUID();
    const taskQueue = `nobody-${taskId}`;
    const id = workflowId(taskId, 'completed');
    const args = [{ taskId, isVerified: true, stats: {}, jobCount: 0 }];
    await temporal.client.workflow.start('bulkUploadNotification', {
      workflowId: id,
      taskQueue,
      args,
    });
    const now = () => new Date(Date.now() + 60_000);

    const detail = detailOf(await searchOf({ now }).show(taskId));

    expect(detail.sentence).toMatch(/^The mail is not sent yet: no worker has taken it since/);
    expect(detail).toMatchObject({ state: 'waiting', wait: { for: 'a worker' } });
  });

  it('says what the watch waits for when no webhook was received', async () => {
    const options = { sweepAfterMs: 600_000, giveUpAfterMs: 900_000, resendWindowMs: 0 };
    const fakes = createFakes({ ledger: postgres.ledger });

    await withUploadWatches({ ...temporal, fakes, options }, async ({ uploadWatches }) => {
      const [taskId, userId] = [randomUUID(), randomUUID()];
      await uploadWatches.watch({ taskId, userId, ownCallback: true });
      const awaited = /^The upload is watched: its webhook is awaited until .* UTC, then/;
      const shows = async (query: string) => {
        const shown = await searchOf().show(query);
        return shown.found === 'nothing' && awaited.test(shown.watches[0]?.sentence ?? '');
      };

      await until('the task is shown', () => shows(taskId));
      await until('the user is shown', () => shows(userId));

      const { sentence } = (await searchOf().show(taskId)) as { sentence: string };
      expect(sentence).toBe(`No webhook is known for task ${taskId}: ${NEITHER}`);
    });
  });

  it('shows of a user the run that had nothing to send, which the ledger does not have', async () => {
    const userId = randomUUID();
    const answers = { tasks: [{ userId, fileBacked: false }] };
    const fakes = createFakes({ ledger: postgres.ledger, ...answers });

    await withWorker({ ...temporal, fakes }, async (start) => {
      const handle = await start({ userId });
      await handle.result();

      const shows = async () => (await searchOf().show(userId)).found !== 'nothing';
      await until('the user is shown', shows);

      expect(detailOf(await searchOf().show(userId))).toMatchObject({
        eventId: handle.workflowId,
        state: 'nothing_to_send',
      });
    });
  });

  it('shows of a task with two runs how each stands that the ledger does not have', async () => {
    const taskId = randomUUID();
    const at = new Date().toISOString();
    const runs = {
      ...createNotificationRuns(temporal),
      describe: (eventId: string) =>
        Promise.resolve({
          ...{ runId: 'r', status: 'closed' as const, statusName: 'COMPLETED', startedAt: at },
          ...{ startedBy: 'watch' as const, resendWindowMs: 0, pending: [] },
          shown: eventId.endsWith('failed')
            ? ({ state: 'nothing_to_send', reason: 'not_file_backed' } as const)
            : ({ state: 'parked', reason: 'refused' } as const),
        }),
    };

    const shown = await searchOf({ runs }).show(taskId);

    expect(shown).toMatchObject({
      found: 'several',
      notifications: [
        { state: 'parked', reason: 'refused', createdAt: at, updatedAt: at },
        { state: 'nothing_to_send', reason: 'not_file_backed', createdAt: at, updatedAt: at },
      ],
    });
  });

  it('shows the newest 50 of a user, by ID or address, and names who has more', async () => {
    const userId = randomUUID();
    const address = `many-${userId}@customer.example`;
    await addUser(suite().postgres.url, { userId, profileEmail: address });
    await Promise.all(
      Array.from({ length: 51 }, () => {
        const facts = { runId: 'run-1', recordedRequests: 0, userId };
        return postgres.ledger.park(workflowId(randomUUID(), 'completed'), 'gave_up', facts);
      }),
    );

    for (const query of [userId, address]) {
      const shown = await searchOf().show(query);

      expect(shown).toMatchObject({ found: 'several', usersWithMore: [userId] });
      expect(shown.found === 'several' && shown.notifications).toHaveLength(50);
    }
  });

  it('says what it left out of an address, and how runs stand that have no row', async () => {
    const ids = Array.from({ length: 6 }, () => randomUUID());
    const runs = {
      ...createNotificationRuns(temporal),
      findByUser: (userId: string) =>
        Promise.resolve({
          runs: [
            {
              ...{ eventId: workflowId(userId, 'completed'), startedAt: new Date().toISOString() },
              ...{ status: 'closed' as const, state: 'nothing_to_send' as const },
            },
          ],
          watchedTaskIds: [],
          isCut: userId === ids[0],
        }),
    };
    const ledger = {
      ...createLedgerReader(postgres.database),
      findUsers: () => Promise.resolve({ userIds: ids, faults: [] }),
    };

    const shown = await searchOf({ runs, ledger }).show(`of-many-${ids[0]}@customer.example`);

    expect(shown).toMatchObject({
      found: 'several',
      notifications: Array(5).fill(expect.objectContaining({ state: 'nothing_to_send' })),
    });
    expect(shown.missing).toEqual([
      'Users with the address: only 5 of 6 are looked up',
      `Runs of user ${ids[0]}: only the 50 latest were listed`,
    ]);
  });

  it('finds by address the uploads of its user, and mails that went to it', async () => {
    const userId = randomUUID();
    const address = `Owner-${userId}@customer.example`;
    await addUser(suite().postgres.url, { userId, profileEmail: address });
    const none = await searchOf().show(address);
    const fakes = createFakes({ ledger: postgres.ledger, tasks: [{ userId }] });

    await withWorker({ ...temporal, fakes }, async (start) => {
      const handle = await start();
      await handle.result();

      const shown = await searchOf().show(address.toLowerCase());

      expect(none).toMatchObject({
        found: 'nothing',
        sentence: `No webhook is known for user ${userId}, who has the address O…@customer.example: ${NEITHER}`,
      });
      expect(detailOf(shown)).toMatchObject({ eventId: handle.workflowId, userId, state: 'sent' });
    });
  });

  it.each([
    [
      'nobody@nowhere.example',
      /^No user has the address n…@nowhere\.example, and the ledger names no mail to it\.$/,
    ],
    [
      randomUUID(),
      /^No webhook is known for task or user .* forgets closed runs after 30 days, has no run\.$/,
    ],
    [workflowId(randomUUID(), 'failed'), /^No webhook is known for task .* with this outcome: /],
    ['user-of-nobody', /^No webhook is known for user user-of-nobody: the ledger has no mail, /],
    ['what is this', /^This is no task ID, event ID, user ID or e-mail address\.$/],
  ])('answers that nothing is known of %s', async (query, sentence) => {
    const shown = await searchOf().show(query);

    expect(shown).toMatchObject({ found: 'nothing', watches: [] });
    expect(shown).toMatchObject({ sentence: expect.stringMatching(sentence) });
    expect(shown).not.toHaveProperty('missing');
  });

  it('answers without the ledger, and says so', async () => {
    const down = { query: () => Promise.reject(new Error('the database did not answer (08006)')) };
    const fakes = createFakes({ ledger: postgres.ledger, verdicts: [deferred] });

    await withWorker({ ...temporal, fakes }, async (start) => {
      const taskId = randomUUID();
      await start({ taskId });
      await showUntil(taskId, /waits for the relay/);

      const shown = await searchOf({ ledger: createLedgerReader(down) }).show(taskId);

      expect(detailOf(shown).sentence).toMatch(/waits for the relay/);
      expect(shown.missing).toEqual([
        'The ledger could not be asked: the database did not answer (08006)',
      ]);
    });
  });

  it('says of what nothing is known that not all could be asked', async () => {
    const refuse = () => Promise.reject(new Error('UNAVAILABLE'));
    const runs = { ...createNotificationRuns(temporal), describe: refuse };

    const shown = await searchOf({ runs }).show(workflowId(randomUUID(), 'completed'));

    expect(shown).toMatchObject({
      sentence: expect.stringMatching(
        /closed runs in time, has no run as far as could be asked\.$/,
      ),
      missing: ['Temporal could not be asked: UNAVAILABLE'],
    });
  });

  it('answers without Temporal, and says so', async () => {
    const eventId = workflowId(randomUUID(), 'completed');
    await postgres.ledger.park(eventId, 'gave_up', { runId: 'run-1', recordedRequests: 0 });
    const refuse = () => Promise.reject(new Error('UNAVAILABLE'));
    const runs = {
      ...{ describe: refuse, describeWatch: refuse, findByUser: refuse },
      readRetentionMs: () => Promise.resolve(undefined),
    };

    const shown = await searchOf({ runs }).show(eventId);

    expect(detailOf(shown)).toMatchObject(parked('gave_up'));
    expect(shown.missing).toEqual(['Temporal could not be asked: UNAVAILABLE']);
  });
});
