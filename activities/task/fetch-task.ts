import { log } from '@temporalio/activity';
import type { Task } from '../../workflows/core/decision';
import type { Delivery } from '../../workflows/core/deliver';
import { finalStatus } from '../../workflows/core/final-status';
import { retrySchedule } from '../../workflows/core/retry-schedule';
import { elapsedMs } from '../elapsed';
import { remedyFor } from '../failures/remedies';
import { transient } from '../failures/transient';
import type { SendMetrics } from '../metrics';
import { orGiveUp } from '../or-give-up';
import type { TaskApi, TaskApiFault } from './task-api';

const { unauthorized, unsettledTask } = retrySchedule;
const STATUS_MAX_CHARS = 64;

export interface FetchDependencies {
  taskApi: TaskApi;
  metrics: Pick<SendMetrics, 'countConfigurationError'>;
  giveUpAfterMs: number;
}

export interface TaskQuery extends Pick<Delivery, 'startedAt'> {
  taskId: string;
  isVerified: boolean;
}

export type FetchTask = ReturnType<typeof createFetchTask>;

export function createFetchTask({ taskApi, metrics, giveUpAfterMs }: FetchDependencies) {
  return function fetchTask(
    { taskId, isVerified, startedAt }: TaskQuery,
    stop: AbortSignal,
  ): Promise<Task | { reason: 'task_metadata_missing' | 'gave_up' }> {
    return orGiveUp({ startedAt, giveUpAfterMs }, async () => {
      const elapsed = elapsedMs(startedAt);
      const answer = await taskApi.fetchTask(taskId, stop);
      if ('fault' in answer) {
        report(answer, metrics);
        return endOf(answer, elapsed);
      }
      if (isSettled(answer, isVerified, elapsed)) return answer;
      throw notFinalYet(answer, elapsed);
    });
  };
}

function endOf(fault: TaskApiFault, elapsed: number): { reason: 'task_metadata_missing' } {
  switch (fault.fault) {
    case 'not_found':
      if (elapsed >= unsettledTask.notFoundGiveUpMs) return { reason: 'task_metadata_missing' };
      throw toTransient('TaskNotFound', fault, pollDelay(elapsed));
    case 'unauthorized':
      throw toTransient('TaskApiUnauthorized', fault, unauthorized.delayMs);
    case 'unavailable':
      throw toTransient('TaskApiUnavailable', fault, fault.retryAfterMs);
  }
}

/**
 * Whether the task says all that it will say. After a verified webhook, a task without a file or a
 * status will get none by waiting. An unsigned webhook may come long before the upload is done, to
 * end its run before the real one comes: then only a final status counts, and what is no upload yet
 * may become one.
 */
function isSettled({ fileBacked, fileStatus }: Task, isVerified: boolean, elapsed: number) {
  const isFinal = finalStatus(fileStatus) !== undefined;
  const { notFoundGiveUpMs, notFinalGiveUpMs } = unsettledTask;
  if (!isVerified) return fileBacked ? isFinal : elapsed >= notFoundGiveUpMs;
  return isFinal || !fileBacked || fileStatus === undefined || elapsed >= notFinalGiveUpMs;
}

function notFinalYet({ fileStatus = 'not in the task' }: Task, elapsed: number) {
  const status = fileStatus.slice(0, STATUS_MAX_CHARS);
  return transient('TaskNotFinal', `the file is still ${status}`, {
    ...{ part: 'provider', nextRetryDelayMs: pollDelay(elapsed) },
  });
}

/** Waits as long as has been waited so far, in bounds: which doubles. */
function pollDelay(elapsed: number): number {
  const { delayMinMs, delayMaxMs, slowAfterMs, slowDelayMaxMs } = unsettledTask;
  const atMost = elapsed < slowAfterMs ? delayMaxMs : slowDelayMaxMs;
  return Math.min(Math.max(elapsed, delayMinMs), atMost);
}

function toTransient(type: string, fault: TaskApiFault, nextRetryDelayMs?: number) {
  return transient(type, fault.message, {
    ...{ part: 'provider', code: codeOf(fault), nextRetryDelayMs },
  });
}

/** The key of `remedyFor`. */
export function codeOf({ cause, status }: TaskApiFault): string | undefined {
  return cause ?? status?.toString();
}

function report(answer: TaskApiFault, metrics: FetchDependencies['metrics']): void {
  const { fault, status, message } = answer;
  const level = fault === 'unauthorized' ? 'error' : 'warn';
  if (fault === 'unauthorized') metrics.countConfigurationError('provider');
  log[level]('bulk_upload_notification.task_detail_failed', {
    status_code: status,
    fault,
    message,
    remedy: remedyFor('provider', codeOf(answer)),
  });
}
