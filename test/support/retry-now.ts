import type { Client } from '@temporalio/client';
import { setTimeout as delay } from 'node:timers/promises';
import {
  pendingActivities,
  resetActivity,
  waitsForRetry,
} from '../../tools/sandbox/temporal/pending-activities';
import { until } from '../../tools/sandbox/until';

/**
 * Waits until the activity waits for its next attempt, and begins it now. An attempt that begins by
 * itself may be over before: by default that closes the run.
 */
export async function retryNow(
  client: Client,
  workflowId: string,
  activity: string,
  isOver: () => boolean | Promise<boolean> = () => isClosed(client, workflowId),
) {
  const waits = async () => (await isWaiting(client, workflowId, activity)) || isOver();
  await until(`${activity} waits for its next attempt`, waits);
  await resetActivity(client, { workflowId }, { type: activity });
}

/** Begins waiting attempts of the activity now, until all these runs are closed. */
export async function retryAllNow(client: Client, workflowIds: string[], activity: string) {
  for (let open = workflowIds; open.length > 0; await delay(500)) {
    const still = await Promise.all(
      open.map(async (workflowId) => {
        if (await isClosed(client, workflowId)) return [];
        if (await isWaiting(client, workflowId, activity))
          await resetActivity(client, { workflowId }, { type: activity });
        return [workflowId];
      }),
    );
    open = still.flat();
  }
}

async function isClosed(client: Client, workflowId: string): Promise<boolean> {
  const { status } = await client.workflow.getHandle(workflowId).describe();
  return status.name !== 'RUNNING';
}

async function isWaiting(client: Client, workflowId: string, type: string): Promise<boolean> {
  const pending = await pendingActivities(client, { workflowId });
  return pending.some(
    (activity) => activity.activityType?.name === type && waitsForRetry(activity),
  );
}
