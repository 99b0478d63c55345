import type { BulkItemResult } from '../../workflows/core/bulk-request';
import type { BulkSelection } from './bulk-identity';

/**
 * `cancelled`, and `failed`, which a run that is terminated has: the same request again goes on where
 * it stopped.
 */
export type BulkState = 'running' | 'completed' | 'cancelled' | 'failed';

/** What became of a mail that was requested. */
export type BulkItemFate = 'sent' | 'waiting' | 'parked';

/** One notification of a bulk resend. Instants are ISO 8601. */
export interface BulkItem {
  eventId: string;
  result: BulkItemResult;
  /** Of a mail that was requested. */
  becameOf?: BulkItemFate;
  /** When it was selected, or got its result. */
  at: string;
}

/**
 * A bulk resend, without its items, with the selection of its first start and the upper bound of time
 * that was set then. Instants are ISO 8601.
 */
export interface BulkSummary extends Required<BulkSelection> {
  bulkId: string;
  requestId: string;
  state: BulkState;
  requestedBy?: string;
  reason?: string;
  ratePerSecond: number;
  startedAt: string;
  finishedAt?: string;
  /** How many notifications the filter matched at the first start; it stops at 10,000. */
  matched?: number;
  isMatchedCapped?: boolean;
}

/** How many items there are by result, and by what became of those that were requested. */
export type BulkCounts = Record<BulkItemResult, number> & Record<BulkItemFate, number>;

export interface RecordedBulk extends BulkSummary {
  counts: BulkCounts;
}

export interface BulkItemPage {
  items: BulkItem[];
  /** Absent on the last page. */
  nextCursor?: string;
}

export interface BulkItemsQuery {
  cursor?: string;
  limit: number;
  /** Only these. */
  result?: BulkItemResult;
}

/** Reads what the ledger keeps of bulk resends. Every call rejects when the database cannot be asked. */
export interface BulkReports {
  read(bulkId: string): Promise<RecordedBulk | undefined>;
  /** In the order in which they were selected. */
  items(bulkId: string, query: BulkItemsQuery): Promise<BulkItemPage>;
  /** The newest first; 50 at most. */
  list(): Promise<BulkSummary[]>;
}
