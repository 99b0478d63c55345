import type { Client, WorkflowExecutionDescription } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time';
import { grpcCodeOf, NOT_FOUND } from '../../../src/temporal/grpc-code';

export type PendingActivity = NonNullable<
  WorkflowExecutionDescription['raw']['pendingActivities']
>[number];

interface Execution {
  workflowId: string;
  /** The latest run if left out. */
  runId?: string;
}

type Activity = { id: string | null | undefined } | { type: string };

/** Values of Temporal's PendingActivityState. */
const SCHEDULED = 1;
const STARTED = 2;

/** Whether an attempt has failed and the next one has not begun. */
export function waitsForRetry({ attempt, state }: PendingActivity): boolean {
  return Number(attempt) > 1 && Number(state) === SCHEDULED;
}

export function isStarted({ state }: PendingActivity): boolean {
  return Number(state) === STARTED;
}

export async function pendingActivities(
  client: Client,
  { workflowId, runId }: Execution,
): Promise<PendingActivity[]> {
  const { raw } = await client.workflow.getHandle(workflowId, runId).describe();
  return raw.pendingActivities ?? [];
}

/** Begins the next attempt of an activity now, unless it has ended: `temporal activity reset`. */
export async function resetActivity(
  client: Client,
  execution: Execution,
  activity: Activity,
): Promise<void> {
  const { namespace } = client.options;
  const options = { namespace, execution, ...activity, restoreOriginalOptions: true };
  await unlessEnded(client.workflowService.resetActivity(options));
}

/**
 * Shortens the heartbeat timeout of an activity that has not ended, so that an attempt on a dead worker
 * ends within a second: `temporal activity update-options`.
 */
export async function missHeartbeat(
  client: Client,
  execution: Execution,
  activity: Activity,
): Promise<void> {
  const { namespace } = client.options;
  await unlessEnded(
    client.workflowService.updateActivityOptions({
      ...{ namespace, execution, ...activity },
      activityOptions: { heartbeatTimeout: msToTs('1s') },
      updateMask: { paths: ['heartbeat_timeout'] },
    }),
  );
}

/** An activity may end between the look at it and the request. */
async function unlessEnded(request: Promise<unknown>): Promise<void> {
  await request.catch((error: unknown) => {
    if (grpcCodeOf(error) !== NOT_FOUND) throw error;
  });
}
