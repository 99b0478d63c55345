import { Client, Connection } from '@temporalio/client';
import { randomUUID } from 'node:crypto';
import { until } from '../../tools/sandbox/until';
import { createMetrics } from '../../src/telemetry/metrics';
import { measureStarts } from '../../src/temporal/measure-starts';
import { createNotifications } from '../../src/temporal/notifications';
import { createPollerCount } from '../../src/temporal/task-queue-pollers';
import { createWaitingRuns } from '../../src/temporal/waiting-runs';
import { workflowId } from '../../workflows/core/workflow-id';
import { suite } from '../support/suite';
import { connectClient } from '../support/temporal-client';

let client: Client;
let away: Client;

beforeAll(async () => {
  client = await connectClient();
  const { namespace } = suite().temporal;
  away = new Client({ connection: Connection.lazy({ address: '127.0.0.1:1' }), namespace });
});
afterAll(() => Promise.all([client.connection.close(), away.connection.close()]));

const eventOf = (taskId: string) => ({
  ...{ taskId, isVerified: true, stats: { total: 3, failed: 0 }, jobCount: 3 },
});

describe('createWaitingRuns', () => {
  it.each([
    ['a window for resends', 60_000],
    ['no window', 0],
  ])(
    'lists the runs of its task queue that have not settled, with %s',
    async (_, resendWindowMs) => {
      const taskQueue = `it's-${randomUUID()}`;
      const { start } = createNotifications({ client, taskQueue, resendWindowMs });
      const [first, second] = [randomUUID(), randomUUID()];
      await start(eventOf(first));
      await start(eventOf(second));
      await createNotifications({ client, taskQueue: `other-${taskQueue}`, resendWindowMs }).start(
        eventOf(randomUUID()),
      );
      const list = createWaitingRuns(client, taskQueue);

      await until('visibility shows both', async () => (await list()).length === 2);

      const waiting = await list();
      expect(waiting.map(({ eventId }) => eventId).sort()).toEqual(
        [workflowId(first, 'completed'), workflowId(second, 'completed')].sort(),
      );
      expect(Math.abs(Date.now() - waiting[0]!.startedAt.getTime())).toBeLessThan(60_000);
    },
  );

  it('rejects when Temporal is away', async () => {
    await expect(createWaitingRuns(away, 'any')()).rejects.toThrow();
  });
});

describe('createPollerCount', () => {
  it('is 0 for task queues that nobody polls', async () => {
    expect(await createPollerCount(client, `idle-${randomUUID()}`)()).toEqual([
      { taskQueue: 'notifications', type: 'workflow', pollers: 0 },
      { taskQueue: 'notifications', type: 'activity', pollers: 0 },
      { taskQueue: 'sends', type: 'activity', pollers: 0 },
      { taskQueue: 'upload_checks', type: 'activity', pollers: 0 },
      { taskQueue: 'bulk_resends', type: 'activity', pollers: 0 },
    ]);
  });
});

describe('measureStarts', () => {
  it('times starts, and counts those that fail by cause', async () => {
    const { registry, starts } = createMetrics();
    const taskQueue = `measured-${randomUUID()}`;
    const startOf = (it: Client) =>
      measureStarts(
        createNotifications({ client: it, taskQueue, resendWindowMs: 0 }).start,
        'notification',
        starts,
      );

    await startOf(client)(eventOf(randomUUID()));
    await expect(startOf(away)(eventOf(randomUUID()))).rejects.toThrow();

    const lines = (await registry.metrics()).split('\n');
    const failed = lines.filter((line) => /^bulk_notify_starts_failed_total.* [1-9]/.test(line));
    expect(failed).toEqual([
      expect.stringMatching(/workflow="notification",cause="(?:unavailable|timed_out)"\} 1$/),
    ]);
    expect(lines).toContain('bulk_notify_start_seconds_count{workflow="notification"} 2');
  });
});
