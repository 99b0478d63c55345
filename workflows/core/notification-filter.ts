import type { Outcome } from './outcome';
import type { ParkReason } from './reasons';

export const ledgerStates = ['waiting', 'sending', 'sent', 'parked'] as const;
/** The state of a notification in the ledger. */
export type LedgerState = (typeof ledgerStates)[number];

/**
 * Times of a filter as they were given, where the filter has another instant: ages such as `24h`, and an
 * end that was still to come.
 */
export type FilterAges = Partial<Record<'createdFrom' | 'createdTo', string>>;

/** What a list shows; an absent field does not filter. */
export interface NotificationFilter {
  state?: LedgerState;
  reason?: ParkReason;
  outcome?: Outcome;
  userId?: string;
  /** A part of it, in any case. */
  fileName?: string;
  /** ISO 8601: at or after. */
  createdFrom?: string;
  /** ISO 8601: before. */
  createdTo?: string;
}
