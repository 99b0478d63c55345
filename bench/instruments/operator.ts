import type { Client } from '@temporalio/client';
import { randomUUID } from 'node:crypto';
import { until } from '../until';

const SEND = 'sendMail';
/** Temporal's PENDING_ACTIVITY_STATE_SCHEDULED. */
const SCHEDULED = 1;

/** Resolves when each of these runs waits for the next attempt of its send. */
export async function untilAllWait(client: Client, workflowIds: string[]): Promise<void> {
  for (const workflowId of workflowIds) {
    const run = client.workflow.getHandle(workflowId);
    await until(`${workflowId} waits for the relay`, async () => {
      const { raw } = await run.describe();
      return (raw.pendingActivities ?? []).some(
        ({ activityType, attempt, state }) =>
          activityType?.name === SEND && Number(attempt) > 1 && Number(state) === SCHEDULED,
      );
    });
  }
}

/** README's `temporal activity reset`: a batch by which all waiting sends try now. */
export async function resetSends(client: Client, taskQueue: string): Promise<void> {
  await client.workflowService.startBatchOperation({
    namespace: client.options.namespace,
    visibilityQuery: `TaskQueue="${taskQueue}" AND ExecutionStatus="Running"`,
    jobId: randomUUID(),
    reason: 'the relay is back',
    resetActivitiesOperation: { type: SEND },
  });
}
