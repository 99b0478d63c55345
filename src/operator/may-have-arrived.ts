import type { Attempt } from './ledger-reader';

/** Whether the relay may have the mail that is not settled: the one after those that were sent. */
export function mayHaveArrived(attempts: Attempt[], sentCount: number): boolean {
  return attempts.some(
    ({ resend, verdict, submittedAt }) =>
      resend === sentCount &&
      (verdict === 'ambiguous' || (verdict === 'sending' && submittedAt !== undefined)),
  );
}
