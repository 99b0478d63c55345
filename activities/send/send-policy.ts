import type { AttemptSettlement } from '../ledger';
import type { Verdict } from './mailer';

/** What to do with a send that may or may not have been accepted. */
export type UncertainPolicy = 'resend' | 'park' | 'assume_sent';

/** What follows from a verdict: `retry` leaves the notification waiting for the next attempt. */
export type Consequence = Pick<AttemptSettlement, 'state' | 'reason'> & { retry?: true };

const RETRY: Consequence = { state: 'waiting', retry: true };

/** RFC 5321 §6.1 asks to treat a missing reply as a failed attempt, hence `resend` by default. */
const UNCERTAIN: Record<UncertainPolicy, Consequence> = {
  resend: RETRY,
  park: { state: 'parked', reason: 'uncertain' },
  assume_sent: { state: 'sent' },
};

interface Circumstances {
  policy: UncertainPolicy;
  /** Whether the next attempt would come after the time for giving up. */
  timeIsUp: boolean;
}

export function consequenceOf(
  verdict: Verdict['verdict'],
  { policy, timeIsUp }: Circumstances,
): Consequence {
  const consequences: Record<Verdict['verdict'], Consequence> = {
    accepted: { state: 'sent' },
    refused: { state: 'parked', reason: 'refused' },
    deferred: RETRY,
    ambiguous: UNCERTAIN[policy],
  };
  const consequence = consequences[verdict];
  if (!consequence.retry || !timeIsUp) return consequence;
  // What may have been accepted is not the same as what certainly was not.
  return { state: 'parked', reason: verdict === 'ambiguous' ? 'uncertain' : 'gave_up' };
}
