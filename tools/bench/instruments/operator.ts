import type { Client } from '@temporalio/client';
import { randomUUID } from 'node:crypto';
import { MEASUREMENT_MAX_MS } from '../measure/measurement-max';
import { pendingActivities, waitsForRetry } from '../../sandbox/temporal/pending-activities';
import { until } from '../../sandbox/until';

const SEND = 'sendMail';

/** Resolves when each of these runs waits for the next attempt of its send. */
export async function untilAllWait(client: Client, workflowIds: string[]): Promise<void> {
  for (const workflowId of workflowIds) {
    await until(
      `${workflowId} waits for the relay`,
      async () => {
        const pending = await pendingActivities(client, { workflowId });
        return pending.some(
          (activity) => activity.activityType?.name === SEND && waitsForRetry(activity),
        );
      },
      { timeoutMs: MEASUREMENT_MAX_MS },
    );
  }
}

/** The batch `temporal activity reset`, by which all waiting sends retry now. */
export async function resetSends(client: Client, taskQueue: string): Promise<void> {
  await client.workflowService.startBatchOperation({
    namespace: client.options.namespace,
    visibilityQuery: `TaskQueue="${taskQueue}" AND ExecutionStatus="Running"`,
    jobId: randomUUID(),
    reason: 'the relay is back',
    resetActivitiesOperation: { type: SEND },
  });
}
