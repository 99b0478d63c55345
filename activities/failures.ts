import { ApplicationFailure } from '@temporalio/activity';

/**
 * A failure that another attempt may cure: Temporal retries the activity, after `nextRetryDelayMs`
 * or by the activity's retry policy. The message is shown in the UI and stays in the history: no
 * address and no secret in it.
 */
export function transient(type: string, message: string, nextRetryDelayMs?: number) {
  return ApplicationFailure.create({
    type,
    message,
    ...(nextRetryDelayMs === undefined ? {} : { nextRetryDelay: nextRetryDelayMs }),
  });
}
