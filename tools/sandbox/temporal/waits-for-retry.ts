import type { WorkflowExecutionDescription } from '@temporalio/client';

type Pending = NonNullable<WorkflowExecutionDescription['raw']['pendingActivities']>[number];

/** Temporal's PENDING_ACTIVITY_STATE_SCHEDULED. */
const SCHEDULED = 1;

/** Whether an attempt has failed and the next one has not begun. */
export function waitsForRetry({ attempt, state }: Pending): boolean {
  return Number(attempt) > 1 && Number(state) === SCHEDULED;
}
