import { log } from '@temporalio/activity';
import { transient } from '../failures/transient';
import { waitedMs } from '../elapsed';
import { remedyFor } from '../failures/remedies';
import type { BulkUploadEvent } from '../../workflows/core/event';
import type { SendMetrics } from '../metrics';
import type { Task } from '../../workflows/core/decision';
import type { TaskApi, TaskApiFault } from './task-api';

const MINUTE = 60_000;
/** A webhook may be ahead of the provider's own metadata. */
const NOT_FOUND_PATIENCE = 60 * MINUTE;
const NOT_FINAL_PATIENCE = 10 * MINUTE;
/** While an upload may well be under way, its end is to be noticed within a minute. */
const SOON_MS = 6 * 60 * MINUTE;
const STATUS_MAX_CHARS = 64;
/** A wrong key is repaired by a person: asking often would only fill the logs. */
const UNAUTHORIZED_DELAY = 15 * MINUTE;

export interface FetchDependencies {
  taskApi: TaskApi;
  metrics: SendMetrics;
  giveUpAfterMs: number;
}

export function createFetchTask({ taskApi, metrics, giveUpAfterMs }: FetchDependencies) {
  return async function fetchTask(
    { taskId, isVerified }: Pick<BulkUploadEvent, 'taskId' | 'isVerified'>,
    stop: AbortSignal,
  ): Promise<Task | { reason: 'task_metadata_missing' | 'gave_up' }> {
    const answer = await taskApi.fetchTask(taskId, stop);
    if (!('fault' in answer)) {
      if (isVerified ? isSettled(answer) : isSettledForHint(answer)) return answer;
      if (waitedMs() >= giveUpAfterMs) return { reason: 'gave_up' };
      const status = answer.fileStatus ?? 'not in the task';
      throw transient('TaskNotFinal', `the file is still ${status.slice(0, STATUS_MAX_CHARS)}`, {
        part: 'provider',
        nextRetryDelayMs: patientDelay(),
      });
    }
    report(answer, metrics);
    if (waitedMs() >= giveUpAfterMs) return { reason: 'gave_up' };
    switch (answer.fault) {
      case 'not_found':
        if (waitedMs() >= NOT_FOUND_PATIENCE) return { reason: 'task_metadata_missing' };
        throw toTransient('TaskNotFound', answer, patientDelay());
      case 'unauthorized':
        throw toTransient('TaskApiUnauthorized', answer, UNAUTHORIZED_DELAY);
      case 'unavailable':
        throw toTransient('TaskApiUnavailable', answer, answer.retryAfterMs);
    }
  };
}

function toTransient(type: string, fault: TaskApiFault, nextRetryDelayMs?: number) {
  const code = codeOf(fault);
  return transient(type, fault.message, { part: 'provider', code, nextRetryDelayMs });
}

/** A task without a file status, or without a file, will not get one by waiting. */
function isSettled({ fileBacked, fileStatus }: Task): boolean {
  if (!fileBacked || fileStatus === undefined || isFinal(fileStatus)) return true;
  return waitedMs() >= NOT_FINAL_PATIENCE;
}

/**
 * A hint may come long before the upload is done, to have its run end before the real webhook comes:
 * only the file's own final status counts, and what is no upload yet may become one.
 */
function isSettledForHint({ fileBacked, fileStatus }: Task): boolean {
  if (!fileBacked) return waitedMs() >= NOT_FOUND_PATIENCE;
  return fileStatus !== undefined && isFinal(fileStatus);
}

const isFinal = (fileStatus: string) => ['completed', 'failed'].includes(fileStatus);

/** What `remedyFor` knows it by. */
export function codeOf({ cause, status }: TaskApiFault): string | undefined {
  return cause ?? status?.toString();
}

function report(answer: TaskApiFault, metrics: SendMetrics): void {
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

/** Doubles the time waited so far, between five seconds and a minute, or ten minutes after hours. */
function patientDelay(): number {
  const atMost = waitedMs() < SOON_MS ? MINUTE : 10 * MINUTE;
  return Math.min(Math.max(waitedMs(), 5_000), atMost);
}
