import type { Client } from '@temporalio/client';
import { Worker } from '@temporalio/worker';
import { setTimeout as delay } from 'node:timers/promises';
import { createNotifications } from '../../src/temporal/notifications';
import { startTcpProxy, type TcpProxy } from '../../tools/sandbox/network/tcp-proxy';
import { resendSignal } from '../../workflows/notification/messages';
import { workflowId } from '../../workflows/core/workflow-id';
import { readLedger } from '../support/read-ledger';
import { reportEvent } from '../support/report-event';
import { startSurroundings, type Surroundings } from '../support/surroundings';
import { connectClient } from '../support/temporal-client';
import { until } from '../../tools/sandbox/until';
import { workflowBundle } from '../support/workflow-worker';

/** Temporal's EVENT_TYPE_WORKFLOW_TASK_… */
const STARTED = 6;
const TIMED_OUT = 8;
/**
 * A workflow task has ten seconds, and a worker that still needs it says so eight seconds after it
 * got it. One that gets it this late learns from the next task that it has lost it.
 */
const LATE_MS = 5_000;

let surroundings: Surroundings;
let client: Client;
let proxy: TcpProxy;

beforeEach(async () => {
  [surroundings, client] = await Promise.all([startSurroundings(), connectClient()]);
  const { address } = surroundings.temporal;
  proxy = await startTcpProxy(() => Number(address.split(':')[1]));
});
afterEach(async () => {
  await Promise.all([surroundings.close(), client.connection.close(), proxy.close()]);
});

describe('a worker that gets a workflow task late, and the next one while it tries to send', () => {
  it('goes on with both, and with the resend between them, as another worker would', async () => {
    const { relay, postgres, taskQueue } = surroundings;
    const notifications = createNotifications({ client, taskQueue, resendWindowMs: 0 });
    const warmUp = await surroundings.addUpload();
    const { taskId } = await surroundings.addUpload();
    const id = workflowId(taskId, 'completed');
    const run = client.workflow.getHandle(id);
    const eventTypes = async () =>
      ((await run.fetchHistory()).events ?? []).map(({ eventType }) => Number(eventType));
    await surroundings.start('worker', { TEMPORAL_ADDRESS: `${proxy.host}:${proxy.port}` });
    await reportEvent(notifications, warmUp.taskId);
    await client.workflow.getHandle(workflowId(warmUp.taskId, 'completed')).result();
    const hold = relay.hold('mail-from');

    proxy.blackhole();
    await reportEvent(notifications, taskId);
    await until('the worker is given the task', async () => (await eventTypes()).includes(STARTED));
    await run.signal(resendSignal, { requestId: 'ticket-4711' });
    await delay(LATE_MS);
    proxy.restore();
    await hold.reached;
    await until('the task is lost', async () => (await eventTypes()).includes(TIMED_OUT));
    const isRecorded = async () => (await readLedger(postgres.url, id)).resends.length > 0;
    await until('the request is recorded', isRecorded);
    hold.release();

    expect(await run.result()).toMatchObject({ state: 'sent' });
    const history = await run.fetchHistory();
    await expect(Worker.runReplayHistory({ workflowBundle }, history, id)).resolves.toBeUndefined();
    expect((await readLedger(postgres.url, id)).resends).toMatchObject([{ resend: 0 }]);
    expect(relay.received).toHaveLength(2);
  });
});
