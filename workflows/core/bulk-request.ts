import type { FilterAges, NotificationFilter } from './notification-filter';

/** Workflow ID, key in the ledger and request ID of each item. */
export const BULK_ID_PREFIX = 'bulk_resend:';
const BULK_ID = new RegExp(`^${BULK_ID_PREFIX}[0-9a-f]{32}$`);

/** Far slower, the wait for one item would exceed the timeout of its page. */
export const BULK_RATE_MIN_PER_SECOND = 0.1;
export const BULK_RATE_MAX_PER_SECOND = 50;
export const BULK_RATE_RANGE = `from ${BULK_RATE_MIN_PER_SECOND} to ${BULK_RATE_MAX_PER_SECOND}`;

export function isBulkRate(perSecond: number): boolean {
  return perSecond >= BULK_RATE_MIN_PER_SECOND && perSecond <= BULK_RATE_MAX_PER_SECOND;
}

export function isBulkId(id: string): boolean {
  return BULK_ID.test(id);
}

/** A bulk resend as a person asks for it. */
export interface BulkRequest {
  requestId: string;
  /** Absolute instants, with an upper bound. */
  filter: NotificationFilter;
  /** By them the same request is known again. */
  ages: FilterAges;
  /** Whether mails that were accepted, or may have been, are sent once more. */
  includeSent: boolean;
  ratePerSecond: number;
  requestedBy?: string;
  reason?: string;
  /** Of the runs that are started for the resends. */
  resendWindowMs: number;
}

/**
 * `pending`: its turn comes. `requested`: the mail was asked for. `already_sent`: it was accepted
 * before, `uncertain`: it may have been; both are left alone unless accepted mails are included.
 * `failed`: Temporal refused the request.
 */
export const bulkItemResults = [
  'pending',
  'requested',
  'already_sent',
  'uncertain',
  'failed',
] as const;
export type BulkItemResult = (typeof bulkItemResults)[number];

/** How many items of a bulk resend there are by their result. */
export type BulkProgress = Record<BulkItemResult, number>;

/** Results that are left out have no items; one that comes twice is added up. */
export function countByResult(counts: { result: BulkItemResult; count: number }[]): BulkProgress {
  const progress = { pending: 0, requested: 0, already_sent: 0, uncertain: 0, failed: 0 };
  for (const { result, count } of counts) progress[result] += count;
  return progress;
}
