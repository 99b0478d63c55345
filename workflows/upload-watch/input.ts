import { workflowInfo } from '@temporalio/workflow';
import { parseWorkflowId, workflowId } from '../core/workflow-id';
import { count, duration, fieldsOf, id, invalidInput } from '../notification/input';
import type { UploadWatchOptions, WatchedUpload } from './messages';
import { watchId } from './watch-id';

const FILE_NAME_MAX_CHARS = 1_024;

/** Reads an upload field by field: what has another type counts as absent. */
export function readUpload(input: unknown): WatchedUpload {
  const { taskId, userId, fileName, emailCount, ownCallback } = fieldsOf(input);
  if (!isTaskId(taskId) || workflowInfo().workflowId !== watchId(taskId)) {
    throw invalidInput(
      'The workflow ID must be bulk_upload_watch:{task_id} of the upload, and the task ID a UUID in lower case',
    );
  }
  return {
    taskId,
    userId: id(userId),
    fileName: typeof fileName === 'string' ? fileName.slice(0, FILE_NAME_MAX_CHARS) : undefined,
    emailCount: count(emailCount),
    ownCallback: ownCallback !== false,
  };
}

/** The ledger cannot be asked about another ID, and no notification can have it. */
function isTaskId(value: unknown): value is string {
  return typeof value === 'string' && parseWorkflowId(workflowId(value, 'completed')) !== undefined;
}

export function readWatchOptions(input: unknown): UploadWatchOptions {
  const options = fieldsOf(input);
  const sweepAfterMs = duration(options.sweepAfterMs);
  const giveUpAfterMs = duration(options.giveUpAfterMs);
  const resendWindowMs = duration(options.resendWindowMs);
  if (sweepAfterMs === undefined || giveUpAfterMs === undefined || resendWindowMs === undefined) {
    throw invalidInput('A watch needs sweepAfterMs, giveUpAfterMs and resendWindowMs');
  }
  return { sweepAfterMs, giveUpAfterMs, resendWindowMs };
}
