import { activityInfo } from '@temporalio/activity';

/** Milliseconds by the server's clock, from the activity's first scheduling to this attempt's. */
export function waitedMs(): number {
  const { currentAttemptScheduledTimestampMs, scheduledTimestampMs } = activityInfo();
  return currentAttemptScheduledTimestampMs - scheduledTimestampMs;
}
