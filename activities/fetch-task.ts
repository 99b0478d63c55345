import { activityInfo, cancellationSignal, log } from '@temporalio/activity';
import { transient } from './failures';
import type { Task, TaskApi } from './types';

const MINUTE = 60_000;
/** A webhook may be ahead of the provider's own metadata. */
const NOT_FOUND_PATIENCE = 60 * MINUTE;
const NOT_FINAL_PATIENCE = 10 * MINUTE;
/** A wrong key is repaired by a person: asking often would only fill the logs. */
const UNAUTHORIZED_DELAY = 15 * MINUTE;

export function createFetchTask({ taskApi }: { taskApi: TaskApi }) {
  return async function fetchTask(
    taskId: string,
  ): Promise<Task | { reason: 'task_metadata_missing' }> {
    const answer = await taskApi.fetchTask(taskId, cancellationSignal());
    if (!('fault' in answer)) {
      if (isFinal(answer) || waitedMs() >= NOT_FINAL_PATIENCE) return answer;
      throw transient('TaskNotFinal', `the file is still ${answer.fileStatus}`, patientDelay());
    }
    const { fault, message, status, retryAfterMs } = answer;
    log.warn('bulk_upload_notification.task_detail_failed', {
      status_code: status,
      fault,
      message,
    });
    switch (fault) {
      case 'not_found':
        if (waitedMs() >= NOT_FOUND_PATIENCE) return { reason: 'task_metadata_missing' };
        throw transient('TaskNotFound', message, patientDelay());
      case 'unauthorized':
        throw transient('TaskApiUnauthorized', message, UNAUTHORIZED_DELAY);
      case 'unavailable':
        throw transient('TaskApiUnavailable', message, retryAfterMs);
    }
  };
}

/** A task without a file status, or without a file, will not get one by waiting. */
function isFinal({ fileBacked, fileStatus }: Task): boolean {
  return !fileBacked || fileStatus === undefined || ['completed', 'failed'].includes(fileStatus);
}

/** By the server's clock: from the first scheduling to that of this attempt. */
function waitedMs(): number {
  const { currentAttemptScheduledTimestampMs, scheduledTimestampMs } = activityInfo();
  return currentAttemptScheduledTimestampMs - scheduledTimestampMs;
}

/** Doubles the time waited so far, between five seconds and a minute. */
function patientDelay(): number {
  return Math.min(Math.max(waitedMs(), 5_000), MINUTE);
}
