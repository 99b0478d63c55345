import type { BulkItemResult, BulkProgress, BulkRequest } from '../../workflows/core/bulk-request';
import type { LedgerState, NotificationFilter } from '../../workflows/core/notification-filter';
import type { ParkReason } from '../../workflows/core/reasons';

/** A bulk resend whose run begins: what it is about was decided at its first start. */
export interface RecordedBulk {
  /** `completed`: nothing is left to do. */
  state: 'running' | 'completed';
  filter: NotificationFilter;
  includeSent: boolean;
  /** How many notifications the filter matched at first; undefined until that is recorded. */
  matched?: number;
  /** There may be more. */
  isMatchedCapped?: boolean;
}

export type BulkEnd = 'completed' | 'cancelled';

/** The record of bulk resends: what makes each mail requested once, and the report. */
export interface Bulks {
  open(bulkId: string, request: BulkRequest): Promise<RecordedBulk>;
  recordCount(bulkId: string, matched: number, isCapped: boolean): Promise<void>;
  /** The next items whose turn comes, and up to where the ledger was searched. */
  pending(bulkId: string, limit: number): Promise<{ eventIds: string[]; position?: string }>;
  /** Adds items once each and moves the position, unless another worker has moved it. */
  add(bulkId: string, eventIds: string[], from: string | undefined, to: string): Promise<void>;
  /** Whether the mail is to be requested; one that was sent, or may have been, is settled so. */
  check(bulkId: string, eventId: string, includeSent: boolean): Promise<boolean>;
  settle(bulkId: string, eventId: string, result: BulkItemResult): Promise<void>;
  count(bulkId: string): Promise<BulkProgress>;
  /** Returns how it has ended: one that was closed before keeps its end. */
  close(bulkId: string, as: BulkEnd): Promise<BulkEnd>;
}

/** The search of the ledger, the newest first. */
export interface NotificationSearch {
  list(
    filter: NotificationFilter,
    page: { cursor?: string; limit: number },
  ): Promise<{ notifications: { eventId: string }[]; nextCursor?: string }>;
  count(
    filter: NotificationFilter,
  ): Promise<{ state: LedgerState; reason?: ParkReason; count: number; isCapped: boolean }[]>;
}

/** Asks for one mail; the same request ID again is the same request. */
export interface ResendRequester {
  request(request: {
    eventId: string;
    requestId: string;
    requestedBy?: string;
    reason?: string;
    unlessSent: boolean;
    resendWindowMs: number;
  }): Promise<'requested' | 'failed'>;
}
