import { activityInfo, cancellationSignal, heartbeat, log } from '@temporalio/activity';
import type { Task } from '../../workflows/core/decision';
import { finalStatus } from '../../workflows/core/final-status';
import type { Outcome } from '../../workflows/core/outcome';
import { retrySchedule } from '../../workflows/core/retry-schedule';
import { remedyFor } from '../failures/remedies';
import { transient } from '../failures/transient';
import type { Ledger } from '../ledger';
import type { SendMetrics } from '../metrics';
import { codeOf } from '../task/fetch-task';
import type { TaskApi, TaskApiFault } from '../task/task-api';
import { checkDelay } from './check-delay';

const { unauthorizedMinMs, unknownGiveUpMs } = retrySchedule.uploadCheck;
const STATUS_MAX_CHARS = 64;

export interface UploadToCheck {
  taskId: string;
  /** When the watch ends if the upload is not final by then; milliseconds since the epoch. */
  giveUpAt: number;
}

/** What ends the checks of an upload. */
export type UploadCheck =
  | { status: 'final'; outcome: Outcome; userId?: string; emailCount?: number }
  | { status: 'notified' | 'task_unknown' | 'gave_up' };

/**
 * How a watch ended. `notified`: the ledger has the notification. `already_started`: its workflow
 * was there, but not yet in the ledger. `webhook_lost`: this watch started it.
 * `webhook_elsewhere`: so it did, but our webhook was not to be called.
 * `task_unknown`: the provider did not know the task for a day. `gave_up`: it was not final in time.
 */
export type UploadWatchResult =
  | 'notified'
  | 'already_started'
  | 'webhook_lost'
  | 'webhook_elsewhere'
  | 'task_unknown'
  | 'gave_up';

export interface UploadWatchMetrics {
  /** `webhook_lost` is worth an alert. */
  countUploadWatch(result: UploadWatchResult): void;
}

export interface UploadCheckDependencies {
  ledger: Pick<Ledger, 'findOutcomes'>;
  taskApi: TaskApi;
  metrics: Pick<SendMetrics, 'countConfigurationError'> & UploadWatchMetrics;
}

/** The activities of `watchUpload`. */
export function createUploadChecks({ ledger, taskApi, metrics }: UploadCheckDependencies) {
  /**
   * Counts it as well, so that the usual end of a watch takes no activity of its own. An answer that
   * comes after the time limit is not used, and not counted.
   */
  async function isNotified(taskId: string): Promise<boolean> {
    const outcomes = await ledger.findOutcomes(taskId);
    if (outcomes.length === 0) return false;
    cancellationSignal().throwIfAborted();
    metrics.countUploadWatch('notified');
    return true;
  }

  /**
   * Asks the ledger, then the provider. An upload that is not final is a failure, which Temporal
   * retries for as long as it takes: that leaves no events in the history, and the pending activity
   * shows the last answer and the time of the next question.
   */
  async function checkUpload({ taskId, giveUpAt }: UploadToCheck): Promise<UploadCheck> {
    try {
      if (await isNotified(taskId)) return { status: 'notified' };
    } catch (err) {
      if (isOver(giveUpAt)) return { status: 'gave_up' };
      throw err;
    }
    const answer = await taskApi.fetchTask(taskId, cancellationSignal());
    if ('fault' in answer) return afterFault(answer, giveUpAt);
    // A task without a file may still get one, or is not ours.
    if (!answer.fileBacked) return missing('the task has no file', giveUpAt);
    heartbeat({});
    const outcome = finalStatus(answer.fileStatus);
    if (outcome) return { status: 'final', outcome, ...ownerOf(answer) };
    const status = (answer.fileStatus ?? 'not in the task').slice(0, STATUS_MAX_CHARS);
    return later('UploadNotFinal', `the file is still ${status}`, giveUpAt);
  }

  function afterFault(fault: TaskApiFault, giveUpAt: number): UploadCheck {
    const code = codeOf(fault);
    const { message, retryAfterMs } = fault;
    switch (fault.fault) {
      case 'not_found':
        return missing(message, giveUpAt);
      case 'unavailable':
        return later('TaskApiUnavailable', message, giveUpAt, { code, retryAfterMs });
      case 'unauthorized': {
        metrics.countConfigurationError('provider');
        const remedy = remedyFor('provider', code);
        log.error('bulk_upload_notification.task_detail_failed', { ...fault, remedy });
        // Only a person can repair the key, so this never ends a watch.
        return later('TaskApiUnauthorized', message, Infinity, {
          code,
          retryAfterMs: unauthorizedMinMs,
        });
      }
    }
  }

  return {
    isNotified,
    checkUpload,
    countUploadWatch: (result: UploadWatchResult): Promise<void> =>
      Promise.resolve(metrics.countUploadWatch(result)),
  };
}

/** Gives up only after a day without a break in which the provider knew the task. */
function missing(message: string, giveUpAt: number): UploadCheck {
  const info = activityInfo();
  const now = info.currentAttemptScheduledTimestampMs;
  const { missingSince = now } = (info.heartbeatDetails ?? {}) as { missingSince?: number };
  if (now - missingSince >= unknownGiveUpMs) return { status: 'task_unknown' };
  heartbeat({ missingSince });
  return later('TaskNotFound', message, giveUpAt);
}

function later(
  type: string,
  message: string,
  giveUpAt: number,
  { code, retryAfterMs = 0 }: { code?: string; retryAfterMs?: number } = {},
): UploadCheck {
  if (isOver(giveUpAt)) return { status: 'gave_up' };
  const nextRetryDelayMs = checkDelay({ attempt: activityInfo().attempt, retryAfterMs });
  throw transient(type, message, { part: 'provider', code, nextRetryDelayMs });
}

/** By the server's clock. */
function isOver(giveUpAt: number): boolean {
  return activityInfo().currentAttemptScheduledTimestampMs >= giveUpAt;
}

function ownerOf({ userId, emailCount }: Task) {
  return { userId, emailCount };
}
