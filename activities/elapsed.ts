import { activityInfo } from '@temporalio/activity';

/**
 * When this attempt was scheduled, by the server's clock. A local activity is scheduled by the worker's
 * clock, which may be wrong by hours: it is the first step of its delivery, so that it was scheduled
 * when that was started (ISO 8601).
 */
export function scheduledAt(startedAt: string): Date {
  const { isLocal, currentAttemptScheduledTimestampMs } = activityInfo();
  return new Date(isLocal ? startedAt : currentAttemptScheduledTimestampMs);
}

/** Milliseconds from the start of a delivery to the scheduling of this attempt. */
export function elapsedMs(startedAt: string): number {
  return scheduledAt(startedAt).getTime() - Date.parse(startedAt);
}

/** Whether the activity was not scheduled again since its start: neither retried nor reset. */
export function isFirstScheduling(): boolean {
  const { currentAttemptScheduledTimestampMs, scheduledTimestampMs } = activityInfo();
  return currentAttemptScheduledTimestampMs === scheduledTimestampMs;
}
