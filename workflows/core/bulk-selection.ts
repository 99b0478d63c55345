import type { LedgerState, NotificationFilter } from './notification-filter';
import type { ParkReason } from './reasons';

/**
 * In this order: what waits for a person comes first, and what was parked while the others were read
 * comes last.
 */
const UNSENT = ['parked', 'waiting', 'sending', 'parked'] as const;

/**
 * The filters whose lists together are what a bulk resend is about. Without those that were sent,
 * which may be a million: a list of its own for each other state reaches the rest by an index.
 */
export function selectionsOf(
  filter: NotificationFilter,
  includeSent: boolean,
): NotificationFilter[] {
  if (includeSent) return [filter];
  if (filter.state !== undefined) return filter.state === 'sent' ? [] : [filter];
  const states = filter.reason === undefined ? UNSENT : (['parked'] as const);
  return states.map((state) => ({ ...filter, state }));
}

interface Standing {
  state: LedgerState;
  reason?: ParkReason;
}

/** Of a notification. */
interface SingleStanding extends Standing {
  sentCount: number;
}

interface StateCount extends Standing {
  count: number;
  /** There may be more: the count, or the search for a part of a file name, ended at its limit. */
  isCapped: boolean;
  /** How many of them had a mail accepted, whatever their state is now. */
  sentBefore?: number;
}

/** Whether the mail was accepted, or may have been, and the bulk resend is not about such. */
export function isLeftAlone(
  { state, reason, sentCount }: SingleStanding,
  includeSent: boolean,
): boolean {
  return !includeSent && (state === 'sent' || sentCount > 0 || reason === 'uncertain');
}

/**
 * How many of the counted notifications a bulk resend would request, and how many it leaves alone. Those
 * that a count did not reach may have had a mail accepted, whatever their state.
 */
export function countSelected(counts: StateCount[], includeSent: boolean) {
  const selected = { count: 0, isCapped: false };
  const alreadySent = { count: 0, isCapped: false };
  const uncertain = { count: 0, isCapped: false };
  for (const { state, reason, count, isCapped, sentBefore = 0 } of counts) {
    if (includeSent) {
      add(selected, { count, isCapped });
      continue;
    }
    const sent = state === 'sent' ? count : sentBefore;
    add(alreadySent, { count: sent, isCapped });
    if (state !== 'sent') {
      add(reason === 'uncertain' ? uncertain : selected, { count: count - sent, isCapped });
    }
  }
  return {
    ...selected,
    leftAlone: {
      ...{ alreadySent: alreadySent.count, isAlreadySentCapped: alreadySent.isCapped },
      ...{ uncertain: uncertain.count, isUncertainCapped: uncertain.isCapped },
    },
  };
}

type Count = Pick<StateCount, 'count' | 'isCapped'>;

function add(sum: Count, { count, isCapped }: Count): void {
  sum.count += count;
  sum.isCapped ||= isCapped;
}
