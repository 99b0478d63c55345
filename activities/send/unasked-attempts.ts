import { activityInfo } from '@temporalio/activity';

/** What sendMail keeps in its heartbeats from one attempt to the next. */
export interface SendProgress {
  /** Attempts of the activity that ended before the relay was asked. */
  unasked: number;
}

export function unaskedAttempts(): number {
  const { unasked } = Object(activityInfo().heartbeatDetails) as Partial<SendProgress>;
  return unasked ?? 0;
}

/**
 * The number of this attempt among those that ask the relay, from 1: how often it was not asked says
 * nothing of it. A person who resets the activity sets Temporal's count back, not ours.
 */
export function askedAttempt(): number {
  return Math.max(1, activityInfo().attempt - unaskedAttempts());
}
