import type { Part } from './failures/remedies';
import type { ConcludedAttempt, LedgerChanges } from './ledger';

type Settled = NonNullable<LedgerChanges['settled']>;

/** Counters worth an alert. */
export interface SendMetrics {
  countSend(attempt: Pick<ConcludedAttempt, 'verdict' | 'code'>): void;
  countSettled(state: Settled['state'], reason: Settled['reason']): void;
  countResendRequest(): void;
  /** A failure that a person has to repair: a wrong key, a refused login, a bad certificate. */
  countConfigurationError(part: Part): void;
}
