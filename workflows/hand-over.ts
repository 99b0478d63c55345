import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { ParentClosePolicy, startChild, WorkflowIdReusePolicy } from '@temporalio/workflow';
import type { Outcome } from '../activities/types';
import { type BulkUploadEvent, type NotificationOptions, WORKFLOW_TYPE } from './messages';
import { startAttributes } from './start-attributes';
import { workflowId } from './workflow-id';

/** Gives the mail to the run of the outcome that the provider names, unless that one was there. */
export async function handOver(
  event: BulkUploadEvent,
  outcome: Outcome,
  options: NotificationOptions,
) {
  const handedOverTo = workflowId(event.taskId, outcome);
  try {
    await startChild(WORKFLOW_TYPE, {
      workflowId: handedOverTo,
      workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
      parentClosePolicy: ParentClosePolicy.ABANDON,
      args: [{ ...event, decidedOutcome: outcome }, options],
      ...startAttributes(event, outcome),
    });
  } catch (err) {
    if (!(err instanceof WorkflowExecutionAlreadyStartedError)) throw err;
  }
  return { state: 'handed_over', handedOverTo } as const;
}
