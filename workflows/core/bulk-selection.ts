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

interface StateCount {
  state: LedgerState;
  reason?: ParkReason;
  count: number;
  /** There are more. */
  isCapped: boolean;
}

/** How many of the counted notifications a bulk resend would request, and how many it leaves alone. */
export function countSelected(counts: StateCount[], includeSent: boolean) {
  const sumOf = (some: StateCount[]) => some.reduce((sum, { count }) => sum + count, 0);
  const sent = counts.filter(({ state }) => state === 'sent');
  const uncertain = counts.filter(({ reason }) => reason === 'uncertain');
  const left = includeSent ? [] : [...sent, ...uncertain];
  const selected = counts.filter((count) => !left.includes(count));
  return {
    count: sumOf(selected),
    isCapped: selected.some(({ isCapped }) => isCapped),
    leftAlone: includeSent
      ? { alreadySent: 0, uncertain: 0 }
      : { alreadySent: sumOf(sent), uncertain: sumOf(uncertain) },
  };
}
