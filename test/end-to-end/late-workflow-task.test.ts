import type { Client } from '@temporalio/client';
import { Worker } from '@temporalio/worker';
import { setTimeout as delay } from 'node:timers/promises';
import { createNotifications } from '../../src/temporal/notifications';
import { startTcpProxy, type TcpProxy } from '../../tools/sandbox/network/tcp-proxy';
import { resendSignal } from '../../workflows/notification/messages';
import { workflowId } from '../../workflows/core/workflow-id';
import { query, readLedger } from '../support/read-ledger';
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

/** When the ledger was last asked for the mail, whatever it answered. */
async function lastClaimOf(eventId: string): Promise<Date> {
  const [row] = await query<{ updated_at: Date }>(
    surroundings.postgres.url,
    'select updated_at from bulk_notify.bulk_upload_notification_events where id = $1',
    [eventId],
  );
  return row!.updated_at;
}

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

/** A worker behind the proxy, which was given the task of a notification and does not know it yet. */
async function giveTaskLate() {
  const { taskQueue } = surroundings;
  const notifications = createNotifications({ client, taskQueue, resendWindowMs: 0 });
  const warmUp = await surroundings.addUpload();
  const { taskId } = await surroundings.addUpload();
  const id = workflowId(taskId, 'completed');
  const run = client.workflow.getHandle(id);
  const hasEvent = async (type: number) =>
    ((await run.fetchHistory()).events ?? []).some(({ eventType }) => Number(eventType) === type);
  await surroundings.start('worker', { TEMPORAL_ADDRESS: `${proxy.host}:${proxy.port}` });
  await reportEvent(notifications, warmUp.taskId);
  await client.workflow.getHandle(workflowId(warmUp.taskId, 'completed')).result();

  proxy.blackhole();
  await reportEvent(notifications, taskId);
  await until('the worker is given the task', () => hasEvent(STARTED));
  return { id, run, hasEvent };
}

describe('a worker that gets a workflow task late, and the next one while it tries to send', () => {
  it('goes on with both, and with the resend between them, as another worker would', async () => {
    const { relay, postgres } = surroundings;
    const { id, run, hasEvent } = await giveTaskLate();
    const hold = relay.hold('mail-from');
    await run.signal(resendSignal, { requestId: 'ticket-4711' });
    await delay(LATE_MS);
    proxy.restore();
    await hold.reached;
    await until('the task is lost', () => hasEvent(TIMED_OUT));
    const isRecorded = async () => (await readLedger(postgres.url, id)).resends.length > 0;
    await until('the request is recorded', isRecorded);
    hold.release();

    expect(await run.result()).toMatchObject({ state: 'sent' });
    const history = await run.fetchHistory();
    await expect(Worker.runReplayHistory({ workflowBundle }, history, id)).resolves.toBeUndefined();
    expect((await readLedger(postgres.url, id)).resends).toMatchObject([{ resend: 0 }]);
    expect(relay.received).toHaveLength(2);
  });

  it('leaves the mail to the worker that was given the next one meanwhile', async () => {
    const { relay, postgres } = surroundings;
    const { id, run } = await giveTaskLate();
    const hold = relay.hold('final-reply');
    await surroundings.start('worker');
    await hold.reached;
    const claimedAt = await lastClaimOf(id);
    proxy.restore();
    await until('the late one would claim it', async () => (await lastClaimOf(id)) > claimedAt);
    hold.release();

    expect(await run.result()).toMatchObject({ state: 'sent' });
    expect((await readLedger(postgres.url, id)).attempts).toMatchObject([{ state: 'accepted' }]);
    expect(relay.received).toHaveLength(2);
  });
});
