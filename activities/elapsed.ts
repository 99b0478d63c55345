import { activityInfo } from '@temporalio/activity';

/** Milliseconds by the server's clock from an instant (ISO 8601) to the scheduling of this attempt. */
export function elapsedMs(startedAt: string): number {
  return activityInfo().currentAttemptScheduledTimestampMs - Date.parse(startedAt);
}

/** Whether the activity was not scheduled again since its start: neither retried nor reset. */
export function isFirstScheduling(): boolean {
  const { currentAttemptScheduledTimestampMs, scheduledTimestampMs } = activityInfo();
  return currentAttemptScheduledTimestampMs === scheduledTimestampMs;
}
