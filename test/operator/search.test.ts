import { randomUUID } from 'node:crypto';
import { createLedgerReader } from '../../src/clients/postgres/ledger-reader';
import { createRunUrl } from '../../src/operator/run-url';
import { createSearch, type NotificationDetail, type Shown } from '../../src/operator/search';
import { statusOf } from '../../src/temporal/describe-run';
import { createNotificationRuns } from '../../src/temporal/notification-runs';
import { addUser } from '../../tools/sandbox/postgres/add-user';
import { until } from '../../tools/sandbox/until';
import { workflowId } from '../../workflows/core/workflow-id';
import { createFakes } from '../support/fakes';
import { suite } from '../support/suite';
import { withUploadWatches } from '../support/upload-watches';
import { useLedger } from '../support/use-ledger';
import { useTemporal, withWorker } from '../support/workflow-worker';

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

const deferred = {
  ...{ verdict: 'deferred' as const, step: 'auth' as const, code: 535, cause: '535' },
  ...{ reply: '535 5.7.8 bad credentials', configuration: true },
};
const NEITHER =
  'the ledger has no mail, and Temporal, which forgets closed runs after 30 days, has no run.';
const parked = (reason: NotificationDetail['reason']) => ({ state: 'parked' as const, reason });

it.each([
  ['RUNNING', 'open'],
  ['PAUSED', 'open'],
  ['TERMINATED', 'closed'],
])('a run that is %s is %s', (name, status) => {
  expect(statusOf(name)).toBe(status);
});

describe('show', () => {
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

  it('says of a run of a user that was terminated that nothing will come of it', async () => {
    const userId = randomUUID();
    const fakes = createFakes({
      ledger: postgres.ledger,
      tasks: [{ userId }],
      verdicts: [deferred],
    });

    await withWorker({ ...temporal, fakes }, async (start) => {
      const [ended, waiting] = [await start({ userId }), await start({ userId })];
      await ended.terminate();

      const rows = async () => {
        const shown = await searchOf().show(userId);
        return shown.found === 'several' ? shown.notifications : [];
      };
      await until('the end is listed', async () => (await rows()).some((row) => row.runEnded));

      const listed = (await rows()).map(({ eventId, runEnded }) => [eventId, runEnded]);
      expect(new Map(listed as [string, boolean][])).toEqual(
        new Map([
          [ended.workflowId, true],
          [waiting.workflowId, undefined],
        ]),
      );
      await waiting.terminate();
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
