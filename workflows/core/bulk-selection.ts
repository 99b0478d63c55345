import type { LedgerState, NotificationFilter } from './notification-filter';
import type { ParkReason } from './reasons';

/** In this order: what waits for a person comes first. */
const UNSENT = ['parked', 'waiting', 'sending'] as const;

/**
 * The filters whose lists together are what a bulk resend is about. Without those that were sent,
 * which may be a million: a list of its own for each other state reaches the rest by an index.
 */
export function selectionsOf(
  filter: NotificationFilter,
  includeSent: boolean,
): NotificationFilter[] {
  if (includeSent) return [filter];
  const states = filter.reason === undefined ? UNSENT : (['parked'] as const);
  return states
    .filter((state) => filter.state === undefined || filter.state === state)
    .map((state) => ({ ...filter, state }));
}

interface Standing {
  state: LedgerState;
  reason?: ParkReason;
}

interface StateCount extends Standing {
  count: number;
  /** There are more. */
  isCapped: boolean;
}

/** Whether the mail was accepted, or may have been, and the bulk resend is not about such. */
export function isLeftAlone({ state, reason }: Standing, includeSent: boolean): boolean {
  return !includeSent && (state === 'sent' || reason === 'uncertain');
}

/** How many of the counted notifications a bulk resend would request, and how many it leaves alone. */
export function countSelected(counts: StateCount[], includeSent: boolean) {
  const sumOf = (some: StateCount[]) => some.reduce((sum, { count }) => sum + count, 0);
  const selected = counts.filter((count) => !isLeftAlone(count, includeSent));
  const left = counts.filter((count) => isLeftAlone(count, includeSent));
  return {
    count: sumOf(selected),
    isCapped: selected.some(({ isCapped }) => isCapped),
    leftAlone: {
      alreadySent: sumOf(left.filter(({ state }) => state === 'sent')),
      uncertain: sumOf(left.filter(({ state }) => state !== 'sent')),
    },
  };
}
