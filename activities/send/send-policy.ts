import type { AttemptSettlement } from '../ledger';
import type { Verdict } from './mailer';

/** What to do with a send that the relay may or may not have accepted. */
export type UncertainPolicy = 'resend' | 'park' | 'assume_sent';

/** What follows from a verdict: `retry` leaves the notification waiting for the next attempt. */
export type AttemptConsequence = Pick<AttemptSettlement, 'state' | 'reason'> & { retry?: true };

const RETRY: AttemptConsequence = { state: 'waiting', retry: true };

/** RFC 5321 §6.1 asks to treat a missing reply as a failed attempt, hence `resend` by default. */
const UNCERTAIN: Record<UncertainPolicy, AttemptConsequence> = {
  resend: RETRY,
  park: { state: 'parked', reason: 'uncertain' },
  assume_sent: { state: 'sent' },
};

interface Circumstances {
  policy: UncertainPolicy;
  /** Whether the next attempt would come after the time for giving up. */
  timeIsUp: boolean;
  /** Whether an earlier attempt to send the same mail is ambiguous. */
  afterAmbiguous?: boolean;
}

export function consequenceOf(
  verdict: Verdict['verdict'],
  { policy, timeIsUp, afterAmbiguous = false }: Circumstances,
): AttemptConsequence {
  const consequences: Record<Verdict['verdict'], AttemptConsequence> = {
    accepted: { state: 'sent' },
    refused: { state: 'parked', reason: unless(afterAmbiguous, 'refused') },
    deferred: RETRY,
    ambiguous: UNCERTAIN[policy],
  };
  const consequence = consequences[verdict];
  if (!consequence.retry || !timeIsUp) return consequence;
  const mayHaveIt = verdict === 'ambiguous' || afterAmbiguous;
  return { state: 'parked', reason: unless(mayHaveIt, 'gave_up') };
}

/** A mail that the relay may have is not one that it certainly has not, whatever ended its attempts. */
function unless(relayMayHaveIt: boolean, reason: 'refused' | 'gave_up') {
  return relayMayHaveIt ? 'uncertain' : reason;
}
