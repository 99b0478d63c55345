import type { WatchedUpload } from '../../activities/types';
import { workflowInfo } from '@temporalio/workflow';
import { fieldsOf, invalidInput, readUpload } from '../notification/input';
import { quickThenDurably } from '../notification/look-up';
import { watchId } from './messages';

/** Remembers an upload: the process that took it has no database, and Temporal has. */
export async function watchUpload(input: WatchedUpload): Promise<void> {
  const { taskId } = fieldsOf(input);
  if (typeof taskId !== 'string' || workflowInfo().workflowId !== watchId(taskId)) {
    throw invalidInput('The workflow ID must be bulk_upload_watch:{task_id} of the upload');
  }
  const upload = readUpload(taskId, input);
  await quickThenDurably((activities) => activities.recordUpload(upload));
}
