import { ApplicationFailure, workflowInfo } from '@temporalio/workflow';
import type { BulkUploadEvent } from '../activities/types';
import { parseWorkflowId } from './workflow-id';

/** Whose run this is. A run started by hand under another ID would escape the dedupe: it fails. */
export function identity(event: BulkUploadEvent) {
  const own = parseWorkflowId(workflowInfo().workflowId);
  if (own && own.taskId === event.taskId) return own;
  throw ApplicationFailure.nonRetryable(
    'The workflow ID must be bulk_upload_notification:{task_id}:{outcome} of the event',
    'WorkflowIdMismatch',
  );
}
