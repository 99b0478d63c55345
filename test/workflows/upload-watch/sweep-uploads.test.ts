import { Worker } from '@temporalio/worker';
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { TaskApiFault } from '../../../activities/task/task-api';
import { createNotifications } from '../../../src/temporal/notifications';
import type { sweepUploads } from '../../../workflows';
import { statusQuery } from '../../../workflows/notification/messages';
import type { SweepOptions, SweepReport } from '../../../workflows/upload-watch/messages';
import { workflowId } from '../../../workflows/core/workflow-id';
import { type Answer, createFakes } from '../../support/fakes';
import { createMemoryUploads } from '../../support/memory-uploads';
import { until } from '../../../tools/sandbox/until';
import {
  connectTemporal,
  type TemporalConnections,
  withWorker,
  workflowBundle,
} from '../../support/workflow-worker';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

let temporal: TemporalConnections;

beforeAll(async () => {
  temporal = await connectTemporal();
});
afterAll(() => temporal.close());

const unavailable: TaskApiFault = { fault: 'unavailable', message: 'the provider answered 503' };
const notFound: TaskApiFault = { fault: 'not_found', message: '404', status: 404 };
const unauthorized: TaskApiFault = { fault: 'unauthorized', message: '401', status: 401 };

describe('sweepUploads', () => {
  it('starts the notification of an upload whose webhook never came', async () => {
    const { fakes, memory, add } = surroundings();
    const taskId = add();

    const { report, details, status } = await withSweeps(fakes, async (sweep) => {
      const swept = await sweep({ resendWindowMs: HOUR });
      const run = temporal.client.workflow.getHandle(workflowId(taskId, 'completed'));
      await until('it is sent', async () => (await run.query(statusQuery)).state === 'sent');
      const { status } = await run.describe();
      await run.terminate();
      return { ...swept, status };
    });

    expect(report).toEqual(found({ started: 1 }));
    expect(details).toContain('1 uploads without a notification, 1 of them started');
    expect(status.name).toBe('RUNNING');
    expect(fakes.sent).toMatchObject([{ to: 'owner@customer.example', text: '12 addresses' }]);
    expect(memory.rows.get(taskId)).toMatchObject({ settledAs: 'started' });
  });

  it('starts it under the outcome that the provider names', async () => {
    const { fakes, add } = surroundings(() => ({ fileStatus: 'failed' }));
    const taskId = add();

    const result = await withSweeps(fakes, async (sweep) => {
      await sweep();
      return resultOf(taskId, 'failed');
    });

    expect(result).toMatchObject({ state: 'sent', outcome: 'failed' });
  });

  it('takes owner and number from the upload where the provider is silent', async () => {
    const { fakes, add } = surroundings(() => ({ userId: undefined, emailCount: undefined }));
    const taskId = add({ userId: 'user-of-the-upload', emailCount: 77 });

    const result = await withSweeps(fakes, async (sweep) => {
      await sweep();
      return resultOf(taskId);
    });

    expect(result).toMatchObject({ state: 'sent', userId: 'user-of-the-upload', emailCount: 77 });
  });

  it('has decided the outcome, should the provider not name it again', async () => {
    let answers = 0;
    const { fakes, add } = surroundings(() => (answers++ === 0 ? {} : { fileStatus: undefined }));
    const taskId = add();

    const result = await withSweeps(fakes, async (sweep) => {
      await sweep();
      return resultOf(taskId);
    });

    expect(result).toMatchObject({ state: 'sent', outcome: 'completed' });
  });

  it('asks about none that is younger than SWEEP_AFTER', async () => {
    const { fakes, add } = surroundings();
    add({ ageMs: 29 * MINUTE });

    const { report } = await withSweeps(fakes, (sweep) => sweep());

    expect(report).toEqual(found({}));
    expect(fakes.asked).toEqual([]);
  });

  it.each<[keyof SweepReport, Answer]>([
    ['waiting', { fileStatus: 'processing' }],
    ['waiting', { fileStatus: undefined }],
    ['missing', notFound],
    ['missing', { fileBacked: false, fileStatus: 'completed' }],
  ])('looks again, later each time, at one that is %s: %j', async (finding, answer) => {
    const { fakes, memory, add } = surroundings(() => answer);
    const taskId = add({ looks: 2 });
    const before = memory.rows.get(taskId)!.dueAt;

    const [first, second] = await withSweeps(fakes, async (sweep) => [
      await sweep(),
      await sweep(),
    ]);

    expect(first.report).toEqual(found({ [finding]: 1 }));
    expect(second.report).toEqual(found({}));
    expect(memory.rows.get(taskId)).toMatchObject({ looks: 3 });
    expect(memory.rows.get(taskId)!.dueAt - before).toBeGreaterThanOrEqual(20 * MINUTE);
  });

  it.each<[string, Answer, { missingMs?: number; ageMs?: number }]>([
    ['not known for a day', notFound, { missingMs: DAY }],
    ['not finished for a month', { fileStatus: 'processing' }, { ageMs: 30 * DAY }],
  ])('gives up one that the provider has %s', async (_what, answer, change) => {
    const { fakes, memory, add } = surroundings(() => answer);
    const taskId = add(change);

    const { report } = await withSweeps(fakes, (sweep) => sweep());

    expect(report).toEqual(found({ unknown: 1 }));
    expect(memory.rows.get(taskId)).toMatchObject({ settledAs: 'unknown' });
  });

  it('settles one whose run was there, without another mail', async () => {
    const { fakes, memory, add } = surroundings();
    const taskId = add();

    const report = await withSweeps(fakes, async (sweep, notifications) => {
      await notifications.start({
        taskId,
        isVerified: true,
        stats: { completed: 12 },
        jobCount: 12,
      });
      await resultOf(taskId);
      return (await sweep()).report;
    });

    expect(report).toEqual(found({ late: 1 }));
    expect(memory.rows.get(taskId)).toMatchObject({ settledAs: 'late' });
    expect(fakes.sent).toHaveLength(1);
  });

  it('makes a duplicate of a webhook that comes late, whatever its counts say', async () => {
    const { fakes, add } = surroundings();
    const taskId = add();

    const [same, other, results] = await withSweeps(fakes, async (sweep, notifications) => {
      await sweep();
      await resultOf(taskId);
      return [
        await notifications.start({
          taskId,
          isVerified: true,
          stats: { completed: 12 },
          jobCount: 12,
        }),
        await notifications.start({ taskId, isVerified: true, stats: { failed: 1 }, jobCount: 12 }),
        [await resultOf(taskId), await resultOf(taskId, 'failed')],
      ] as const;
    });

    expect(same).toMatchObject({ duplicate: true });
    expect(other).toMatchObject({ duplicate: false });
    expect(results).toMatchObject([{ state: 'sent' }, { state: 'handed_over' }]);
    expect(fakes.sent).toHaveLength(1);
  });

  it('stops at a provider that is down, and finds all with the next sweep', async () => {
    let isDown = true;
    const { fakes, memory, add } = surroundings(() => (isDown ? unavailable : {}));
    const taskIds = Array.from({ length: 20 }, () => add());

    const [down, up, asked] = await withSweeps(fakes, async (sweep) => {
      const down = await sweep();
      const asked = fakes.asked.length;
      isDown = false;
      const up = await sweep();
      await Promise.all(taskIds.map((taskId) => resultOf(taskId)));
      return [down, up, asked] as const;
    });

    expect(down.report).toMatchObject({ stopped: 'provider_down', started: 0 });
    expect(down.report.unanswered).toBeGreaterThanOrEqual(5);
    expect(down.report.unanswered).toBeLessThanOrEqual(8);
    expect(asked).toBeLessThanOrEqual(8 * 4);
    expect(down.details).toContain('The provider does not answer');
    expect(up.report).toEqual(found({ started: 20 }));
    expect([...memory.rows.values()].every(({ settledAs }) => settledAs === 'started')).toBe(true);
    expect(fakes.sent).toHaveLength(20);
  });

  it('goes on past one that is never answered', async () => {
    const { fakes, memory, add } = surroundings((id) => (id === poisoned ? unavailable : {}));
    const poisoned = add();
    const taskIds = Array.from({ length: 6 }, () => add());

    const { report } = await withSweeps(fakes, async (sweep) => {
      const swept = await sweep();
      await Promise.all(taskIds.map((taskId) => resultOf(taskId)));
      return swept;
    });

    expect(report).toEqual(found({ started: 6, unanswered: 1 }));
    expect(memory.rows.get(poisoned)).toMatchObject({ looks: 0 });
    expect(memory.rows.get(poisoned)).not.toHaveProperty('settledAs');
  });

  it('replays, whichever answer comes first', async () => {
    let others = 0;
    let othersAreAnswered = (): void => undefined;
    const last = new Promise<void>((resolve) => (othersAreAnswered = resolve));
    const { fakes, add } = surroundings(async (id) => {
      if (id === slow) await last;
      else if (++others === 3) othersAreAnswered();
      return id === slow ? unavailable : {};
    });
    const slow = add();
    for (let i = 0; i < 3; i++) add();

    const { report, history } = await withSweeps(fakes, (sweep) => sweep());

    expect(report).toEqual(found({ started: 3, unanswered: 1 }));
    const replayed = Worker.runReplayHistory({ workflowBundle }, history);
    await expect(replayed).resolves.toBeUndefined();
  });

  it('asks four times at most when the provider refuses the key', async () => {
    const { fakes, add } = surroundings(() => unauthorized);
    for (let i = 0; i < 20; i++) add();

    const { report, details } = await withSweeps(fakes, (sweep) => sweep());

    expect(report.stopped).toBe('unauthorized');
    expect(report.unanswered).toBe(fakes.asked.length);
    expect(fakes.asked.length).toBeLessThanOrEqual(4);
    expect(details).toContain('repair EXTERNAL_API_ADMIN_KEY');
  });

  it('keeps to Retry-After', async () => {
    const times: number[] = [];
    const { fakes, add } = surroundings(() => {
      times.push(performance.now());
      const busy = { ...unavailable, status: 429, retryAfterMs: 1_500 };
      return times.length <= 2 ? busy : {};
    });
    const taskId = add();

    const { report } = await withSweeps(fakes, async (sweep) => {
      const swept = await sweep();
      await resultOf(taskId);
      return swept;
    });

    const [first = 0, second = 0, third = 0] = times;
    expect(report).toEqual(found({ started: 1 }));
    expect([second - first, third - second].map((gap) => gap >= 1_400)).toEqual([true, true]);
  });

  it('asks about four at a time', async () => {
    let open = 0;
    let most = 0;
    const { fakes, add } = surroundings(() => ({ fileStatus: 'processing' }));
    const { fetchTask } = fakes.dependencies.taskApi;
    fakes.dependencies.taskApi.fetchTask = async (...args) => {
      most = Math.max(most, ++open);
      await delay(20);
      return fetchTask(...args).finally(() => open--);
    };
    for (let i = 0; i < 30; i++) add();

    const { report } = await withSweeps(fakes, (sweep) => sweep());

    expect(report).toEqual(found({ waiting: 30 }));
    expect(most).toBe(4);
  });

  it('takes 120 uploads page by page, in runs of two pages', async () => {
    const { fakes, memory, add } = surroundings();
    const taskIds = Array.from({ length: 120 }, () => add());

    const { report, runs, length } = await withSweeps(fakes, async (sweep) => {
      const swept = await sweep();
      await Promise.all(taskIds.map((taskId) => resultOf(taskId)));
      return swept;
    });

    expect(report).toEqual(found({ started: 120 }));
    expect(memory.pages).toEqual([50, 50, 20]);
    expect(runs).toBe(2);
    expect(length).toBeLessThan(2_000);
    expect(fakes.sent).toHaveLength(120);
  }, 60_000);
});

describe('watchUpload', () => {
  it('remembers an upload, once, whoever asks how often', async () => {
    const { fakes, memory } = surroundings();
    const taskId = randomUUID();
    const upload = { taskId, userId: 'jane', emailCount: 5, ownCallback: true };

    await withSweeps(fakes, async (_sweep, { watch }) => {
      await Promise.all([watch(upload), watch(upload), watch(upload)]);
      await temporal.client.workflow.getHandle(`bulk_upload_watch:${taskId}`).result();
      await watch({ taskId, ownCallback: true });
      await temporal.client.workflow.getHandle(`bulk_upload_watch:${taskId}`).result();
    });

    expect([...memory.rows.values()]).toMatchObject([{ taskId, userId: 'jane', emailCount: 5 }]);
  });

  it('waits for a database that is down', async () => {
    const { fakes, memory } = surroundings();
    const taskId = randomUUID();
    const { record } = memory.uploads;
    let attempts = 0;
    fakes.dependencies.uploads.record = (upload) =>
      ++attempts < 3 ? Promise.reject(new Error('ECONNREFUSED')) : record(upload);

    await withSweeps(fakes, async (_sweep, { watch }) => {
      await watch({ taskId, ownCallback: false });
      await temporal.client.workflow.getHandle(`bulk_upload_watch:${taskId}`).result();
    });

    expect([...memory.rows.keys()]).toEqual([taskId]);
  });
});

/** Uploads in memory, and a provider that answers by task. */
function surroundings(answer: (taskId: string) => Answer | Promise<Answer> = () => ({})) {
  const memory = createMemoryUploads();
  const fakes = createFakes({ uploads: memory.uploads, taskOf: answer });

  function add(upload: Partial<Parameters<typeof memory.add>[0]> = {}) {
    const taskId = randomUUID();
    memory.add({ taskId, ...upload });
    return taskId;
  }

  return { fakes, memory, add };
}

type Sweep = ReturnType<typeof createSweep>;
type Notifications = ReturnType<typeof createNotifications>;

function withSweeps<T>(
  fakes: ReturnType<typeof createFakes>,
  body: (sweep: Sweep, notifications: Notifications) => Promise<T>,
): Promise<T> {
  return withWorker({ ...temporal, fakes }, (_start, taskQueue) =>
    body(
      createSweep(taskQueue),
      createNotifications({ client: temporal.client, taskQueue, resendWindowMs: 0 }),
    ),
  );
}

function createSweep(taskQueue: string) {
  /** One sweep to its end. */
  return async function sweep(change: Partial<SweepOptions> = {}) {
    const handle = await temporal.client.workflow.start<typeof sweepUploads>('sweepUploads', {
      workflowId: `sweep-${randomUUID()}`,
      taskQueue,
      args: [{ sweepAfterMs: 30 * MINUTE, resendWindowMs: 0, ...change }],
    });
    const report = await handle.result();
    const first = temporal.client.workflow.getHandle(handle.workflowId, handle.firstExecutionRunId);
    const { historyLength: length } = await first.describe();
    const history = await first.fetchHistory();
    const executions = temporal.client.workflow.list({
      query: `WorkflowId = '${handle.workflowId}'`,
    });
    let runs = 0;
    for await (const _ of executions) runs++;
    const metadata = await temporal.client.workflow
      .getHandle(handle.workflowId)
      .query<{ currentDetails?: string }>('__temporal_workflow_metadata');
    return { report, runs, length, history, details: metadata.currentDetails };
  };
}

function resultOf(taskId: string, outcome: 'completed' | 'failed' = 'completed') {
  return temporal.client.workflow
    .getHandle(workflowId(taskId, outcome))
    .result() as Promise<unknown>;
}

/** A report with all that was looked at. */
function found(change: Partial<Omit<SweepReport, 'stopped'>>): SweepReport {
  const counts = { started: 0, late: 0, waiting: 0, missing: 0, unknown: 0, unanswered: 0 };
  const findings = { ...counts, ...change };
  const looked = Object.values(findings).reduce((sum, count) => sum + count, 0);
  return { looked, notified: 0, ...findings };
}
