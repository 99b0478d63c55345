import { workflowInfo } from '@temporalio/workflow';
import { fieldsOf, invalidInput } from './input';
import { parseWorkflowId } from '../core/workflow-id';

/** Whose run this is. A run started by hand under another ID would escape the dedupe: it fails. */
export function identity(event: unknown) {
  const own = parseWorkflowId(workflowInfo().workflowId);
  if (own && own.taskId === fieldsOf(event).taskId) return own;
  throw invalidInput(
    'The workflow ID must be bulk_upload_notification:{task_id}:{outcome} of the event, and the event JSON',
  );
}
