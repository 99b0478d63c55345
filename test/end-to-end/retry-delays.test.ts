import type { Client } from '@temporalio/client';
import { tsToMs } from '@temporalio/common/lib/time';
import { missHeartbeat, waitsForRetry } from '../../tools/sandbox/temporal/pending-activities';
import { workflowId } from '../../workflows/core/workflow-id';
import { startSurroundings, type Surroundings } from '../support/surroundings';
import { connectClient } from '../support/temporal-client';
import { until } from '../../tools/sandbox/until';

const MINUTE = 60_000;

let surroundings: Surroundings;
let client: Client;

beforeAll(async () => {
  client = await connectClient();
});
afterAll(() => client.connection.close());

beforeEach(async () => {
  surroundings = await startSurroundings();
});
afterEach(() => surroundings.close());

describe('Temporal waits', () => {
  it.each([
    ['half an hour, as Retry-After asks', { status: 503, retryAfter: 1_800 }, 30],
    ['an hour, when Retry-After asks for more', { status: 429, retryAfter: 86_400 }, 60],
    ['a quarter of an hour for a person with the right key', { status: 401 }, 15],
  ])('%s', async (_, fault, minutes) => {
    const { taskId } = await surroundings.addUpload();
    surroundings.provider.fail(fault);
    const [api] = await Promise.all([surroundings.start('api'), surroundings.start('worker')]);

    await surroundings.post(api, { taskId });

    expect(await delayOf(taskId)).toBe(minutes * MINUTE);
  });

  it('a minute for a worker that was lost, also after other attempts', async () => {
    const { relay } = surroundings;
    const { taskId } = await surroundings.addUpload();
    const throughTheTaskQueue = { SMTP_MAX_PER_SECOND: '1000' };
    const first = relay.hold('greeting');
    const [api, worker] = await Promise.all([
      surroundings.start('api'),
      surroundings.start('worker', throughTheTaskQueue),
    ]);
    await surroundings.post(api, { taskId });
    await first.reached;
    await worker.stop();
    first.release();

    const second = relay.hold('greeting');
    const another = await surroundings.start('worker', throughTheTaskQueue);
    await second.reached;
    await another.stop('SIGKILL');
    second.release();
    await missHeartbeat(
      client,
      { workflowId: workflowId(taskId, 'completed') },
      { type: 'sendMail' },
    );

    const delay = await delayOf(taskId);
    expect(delay).toBeGreaterThanOrEqual(MINUTE);
    expect(delay).toBeLessThan(2 * MINUTE);
  });
});

/** Milliseconds from the attempt before to the next one that Temporal has planned, when it is over. */
async function delayOf(taskId: string): Promise<number> {
  const handle = client.workflow.getHandle(workflowId(taskId, 'completed'));
  let delay = NaN;
  await until('an attempt has failed', async () => {
    const { raw } = await handle.describe();
    const pending = raw.pendingActivities?.find(waitsForRetry);
    delay = pending ? tsToMs(pending.currentRetryInterval) : NaN;
    return pending !== undefined;
  });
  return delay;
}
