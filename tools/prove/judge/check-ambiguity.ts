import { parseWorkflowId } from '../../../workflows/core/workflow-id';
import type {
  ObservedAttempt,
  ObservedFault,
  Observations,
  ObservedSubmission,
} from './observations';
import type { Violation } from './violation';

/** A fault acts for so long before it is noted, and after it is noted as over. */
const MARGIN_MS = 5_000;
/** How the ledger begins the reply of an attempt that was taken over. */
const TAKEN_OVER = 'the worker was lost';

/**
 * An attempt is ambiguous only if the relay may have the message, for all that its sender can know:
 * because of what the relay did, or because a fault kept its reply from the worker, or from the ledger.
 */
export function checkAmbiguity({ attempts, submissions, faults }: Observations): Violation[] {
  return attempts
    .filter(({ state }) => state === 'ambiguous')
    .flatMap((attempt): Violation[] => {
      const { eventId, resend, reply } = attempt;
      const made = submissions.filter((submission) => isOf(submission, attempt));
      if (made.some((each) => mayBeTaken(each) || isDisturbed(each, attempt, faults))) return [];
      const taskId = parseWorkflowId(eventId)?.taskId ?? eventId;
      const what = `resend ${resend}: ${factsOf(made)}, the ledger says ambiguous: ${reply}`;
      return [{ kind: 'not ambiguous', taskId, what }];
    });
}

function isOf(
  { at, to }: ObservedSubmission,
  { recipient, claimedAt, settledAt = Infinity }: ObservedAttempt,
): boolean {
  return to === recipient && at >= Math.floor(claimedAt) && at <= settledAt;
}

function mayBeTaken({ verdict, dotAt }: ObservedSubmission): boolean {
  return verdict === 'ambiguous' || (verdict === 'accepted' && dotAt !== undefined);
}

/** Whether a fault came between the recipient and the record of the reply. */
function isDisturbed(
  { sender, at, dotAt }: ObservedSubmission,
  { settledAt = Infinity, reply }: ObservedAttempt,
  faults: ObservedFault[],
): boolean {
  const targets = new Set([sender, 'relay', `${sender}→relay`]);
  // What a worker recorded itself was not lost on the way to the ledger.
  if (reply?.startsWith(TAKEN_OVER)) targets.add('postgres').add(`${sender}→postgres`);
  const until = (dotAt ?? settledAt) + MARGIN_MS;
  return faults.some(
    (fault) => targets.has(fault.target) && fault.at <= until && fault.until >= at - MARGIN_MS,
  );
}

function factsOf(made: ObservedSubmission[]): string {
  const answered = made.find(({ dotAt }) => dotAt !== undefined);
  if (answered) return `the relay's reply makes it ${answered.verdict}`;
  return made.length > 0 ? 'the final dot never came' : 'the relay was not asked';
}
