import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { ParentClosePolicy, startChild, WorkflowIdReusePolicy } from '@temporalio/workflow';
import type { BulkUploadEvent } from '../core/event';
import type { Outcome } from '../core/outcome';
import { type NotificationOptions, WORKFLOW_TYPE } from './messages';
import { startOptions } from './start-options';
import { workflowId } from '../core/workflow-id';

/** Starts the run of an outcome that the provider names, unless it was there; it outlives this one. */
export async function startNotification(
  event: BulkUploadEvent,
  outcome: Outcome,
  options: NotificationOptions,
): Promise<{ id: string; started: boolean }> {
  const id = workflowId(event.taskId, outcome);
  try {
    await startChild(WORKFLOW_TYPE, {
      workflowId: id,
      workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
      parentClosePolicy: ParentClosePolicy.ABANDON,
      ...startOptions({ ...event, decidedOutcome: outcome }, outcome, options),
    });
    return { id, started: true };
  } catch (err) {
    if (err instanceof WorkflowExecutionAlreadyStartedError) return { id, started: false };
    throw err;
  }
}
