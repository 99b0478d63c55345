import type { Client } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import { setTimeout as delay } from 'node:timers/promises';
import { statusQuery } from '../../workflows/messages';
import { createFakes } from '../support/fakes';
import { suite } from '../support/suite';
import { connectClient } from '../support/temporal-client';
import { withWorker, workflowBundle } from '../support/workflow-worker';

const RUNS = 30;
/** Milliseconds after its start within which a run is asked. */
const MOMENTS = 45;
/** Temporal's EVENT_TYPE_WORKFLOW_TASK_COMPLETED. */
const WORKFLOW_TASK_COMPLETED = 7;

let client: Client;
let connection: NativeConnection;

beforeAll(async () => {
  client = await connectClient();
  connection = await NativeConnection.connect({ address: suite().temporal.address });
});

afterAll(async () => {
  await client.connection.close();
  await connection.close();
});

/**
 * A query that comes with the first workflow task ends it as soon as it is answered: the result of a
 * local activity is then in one task, what the workflow did with it in the next.
 */
describe('a run that is queried while it begins', () => {
  it.each([
    ['and parks', { addresses: [[]] }],
    ['and sends at once', {}],
    ['and sends through the task queue', { sendsAtOnce: false }],
  ])('%s replays', async (_what, answers) => {
    const fakes = createFakes(answers);

    const histories = await withWorker({ client, connection, fakes }, (start) =>
      Promise.all(
        Array.from({ length: RUNS }, async (_, i) => {
          const handle = await start();
          await delay((i * MOMENTS) / RUNS);
          await handle.query(statusQuery);
          await handle.result();
          return { workflowId: handle.workflowId, history: await handle.fetchHistory() };
        }),
      ),
    );

    const errors: unknown[] = [];
    for await (const { error } of Worker.runReplayHistories({ workflowBundle }, histories)) {
      if (error) errors.push(error);
    }
    expect(errors).toEqual([]);
    expect(histories.some(({ history }) => countTasks(history) > 1)).toBe(true);
  });
});

function countTasks({ events }: { events?: { eventType?: unknown }[] | null }): number {
  return (events ?? []).filter(({ eventType }) => eventType === WORKFLOW_TASK_COMPLETED).length;
}
