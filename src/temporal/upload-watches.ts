import { type Client, WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import {
  type SearchAttributePair,
  WorkflowIdConflictPolicy,
  WorkflowNotFoundError,
} from '@temporalio/common';
import { searchAttributes } from '../../workflows/core/search-attributes';
import {
  checkNowSignal,
  type UploadWatchOptions,
  WATCH_TYPE,
  type WatchedUpload,
} from '../../workflows/upload-watch/messages';
import { watchId } from '../../workflows/upload-watch/watch-id';
import { inTime } from './in-time';

export type UploadWatches = ReturnType<typeof createUploadWatches>;

interface UploadWatchesOptions {
  client: Client;
  taskQueue: string;
  options: UploadWatchOptions;
}

/** The watches of uploads. Every call rejects when Temporal cannot be reached. */
export function createUploadWatches({ client, taskQueue, options }: UploadWatchesOptions) {
  /** Starts the watch of an upload; false if there is one. */
  async function watch(upload: WatchedUpload): Promise<boolean> {
    const { taskId, userId } = upload;
    const typedSearchAttributes: SearchAttributePair[] = [
      { key: searchAttributes.taskId, value: taskId },
    ];
    if (userId) typedSearchAttributes.push({ key: searchAttributes.userId, value: userId });
    try {
      await inTime(client, () =>
        client.workflow.start(WATCH_TYPE, {
          workflowId: watchId(taskId),
          taskQueue,
          args: [upload, options],
          workflowIdConflictPolicy: WorkflowIdConflictPolicy.FAIL,
          typedSearchAttributes,
          staticSummary: 'Waits for the webhook of an upload',
        }),
      );
      return true;
    } catch (err) {
      if (err instanceof WorkflowExecutionAlreadyStartedError) return false;
      throw err;
    }
  }

  /** Ends the wait of an open watch: the upload is checked now. */
  async function checkNow(taskId: string): Promise<void> {
    try {
      await inTime(client, () => client.workflow.getHandle(watchId(taskId)).signal(checkNowSignal));
    } catch (err) {
      // It has just ended: the upload was checked this moment.
      if (!(err instanceof WorkflowNotFoundError)) throw err;
    }
  }

  return { watch, checkNow };
}
