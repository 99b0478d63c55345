import type { Client } from '@temporalio/client';
import { setTimeout as delay } from 'node:timers/promises';
import {
  pendingActivities,
  resetActivity,
  waitsForRetry,
} from '../../tools/sandbox/temporal/pending-activities';
import { until } from '../../tools/sandbox/until';

/** Waits until the activity waits for its next attempt, and begins it now. */
export async function retryNow(client: Client, workflowId: string, activity: string) {
  const waits = () => isWaiting(client, workflowId, activity);
  await until(`${activity} waits for its next attempt`, waits);
  await resetActivity(client, { workflowId }, { type: activity });
}

/** Begins waiting attempts of the activity now, until all these runs are closed. */
export async function retryAllNow(client: Client, workflowIds: string[], activity: string) {
  for (let open = workflowIds; open.length > 0; await delay(500)) {
    const still = await Promise.all(
      open.map(async (workflowId) => {
        const { status } = await client.workflow.getHandle(workflowId).describe();
        if (status.name !== 'RUNNING') return [];
        if (await isWaiting(client, workflowId, activity))
          await resetActivity(client, { workflowId }, { type: activity });
        return [workflowId];
      }),
    );
    open = still.flat();
  }
}

async function isWaiting(client: Client, workflowId: string, type: string): Promise<boolean> {
  const pending = await pendingActivities(client, { workflowId });
  return pending.some(
    (activity) => activity.activityType?.name === type && waitsForRetry(activity),
  );
}
