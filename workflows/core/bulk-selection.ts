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

/** How many of the counted notifications a bulk resend would request, and how many it leaves alone. */
export function countSelected(counts: StateCount[], includeSent: boolean) {
  const leftAlone = { alreadySent: 0, uncertain: 0 };
  let selected = 0;
  let isAnyCapped = false;
  for (const { state, reason, count, isCapped, sentBefore = 0 } of counts) {
    const alreadySent = state === 'sent' ? count : sentBefore;
    if (includeSent) {
      selected += count;
    } else {
      leftAlone.alreadySent += alreadySent;
      if (reason === 'uncertain') leftAlone.uncertain += count - alreadySent;
      else selected += count - alreadySent;
    }
    isAnyCapped ||= isCapped && (includeSent || (state !== 'sent' && reason !== 'uncertain'));
  }
  return { count: selected, isCapped: isAnyCapped, leftAlone };
}
