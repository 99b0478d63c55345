import type { Client } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time';
import { setTimeout as delay } from 'node:timers/promises';
import { waitsForRetry } from '../../tools/sandbox/temporal/waits-for-retry';
import { until } from '../../tools/sandbox/until';

/**
 * What an operator does who does not want to wait until the heartbeat of a dead worker is missed:
 * the activity's heartbeat is due at once, by which the attempt is over.
 */
export async function missHeartbeat(client: Client, workflowId: string, activity: string) {
  await client.workflowService.updateActivityOptions({
    namespace: client.options.namespace,
    execution: { workflowId },
    type: activity,
    activityOptions: { heartbeatTimeout: msToTs('1s') },
    updateMask: { paths: ['heartbeat_timeout'] },
  });
}

/** Waits until the activity waits for its next attempt, and makes that come now. */
export async function retryNow(client: Client, workflowId: string, activity: string) {
  const waits = () => isWaiting(client, workflowId, activity);
  await until(`${activity} waits for its next attempt`, waits, { timeoutMs: 45_000 });
  await reset(client, workflowId, activity);
}

/** Does so wherever the activity waits, until all these runs are closed. */
export async function retryAllNow(client: Client, workflowIds: string[], activity: string) {
  for (let open = workflowIds; open.length > 0; await delay(500)) {
    const still = await Promise.all(
      open.map(async (workflowId) => {
        const { status } = await client.workflow.getHandle(workflowId).describe();
        if (status.name !== 'RUNNING') return [];
        if (await isWaiting(client, workflowId, activity))
          await reset(client, workflowId, activity);
        return [workflowId];
      }),
    );
    open = still.flat();
  }
}

async function isWaiting(client: Client, workflowId: string, activity: string): Promise<boolean> {
  const { raw } = await client.workflow.getHandle(workflowId).describe();
  return (raw.pendingActivities ?? []).some(
    (pending) => pending.activityType?.name === activity && waitsForRetry(pending),
  );
}

async function reset(client: Client, workflowId: string, activity: string) {
  await client.workflowService.resetActivity({
    namespace: client.options.namespace,
    execution: { workflowId },
    type: activity,
    restoreOriginalOptions: true,
  });
}
