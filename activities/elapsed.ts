import { activityInfo } from '@temporalio/activity';

/**
 * Milliseconds by the server's clock from an instant (ISO 8601) to the scheduling of this attempt. A
 * local activity is scheduled by the worker's clock, which may be wrong by hours: it is the first step
 * of its delivery, so that no time has passed.
 */
export function elapsedMs(startedAt: string): number {
  const { isLocal, currentAttemptScheduledTimestampMs } = activityInfo();
  return isLocal ? 0 : currentAttemptScheduledTimestampMs - Date.parse(startedAt);
}

/** Whether the activity was not scheduled again since its start: neither retried nor reset. */
export function isFirstScheduling(): boolean {
  const { currentAttemptScheduledTimestampMs, scheduledTimestampMs } = activityInfo();
  return currentAttemptScheduledTimestampMs === scheduledTimestampMs;
}
