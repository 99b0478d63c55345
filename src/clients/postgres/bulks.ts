import { transient } from '../../../activities/failures/transient';
import type { BulkEnd, Bulks, RecordedBulk } from '../../../activities/bulk-resend/bulks';
import { type BulkItemResult, countByResult } from '../../../workflows/core/bulk-request';
import type { NotificationFilter } from '../../../workflows/core/notification-filter';
import type { Database } from './database';

interface OpenedRow {
  state: RecordedBulk['state'];
  filter: NotificationFilter;
  include_sent: boolean;
  matched: number | null;
  is_matched_capped: boolean | null;
}

/** The record of bulk resends in Postgres: each call is one function of functions/. */
export function createBulks({ query }: Pick<Database, 'query'>): Bulks {
  return {
    async open(bulkId, request) {
      const { requestId, filter, ages, includeSent, ratePerSecond, requestedBy, reason } = request;
      const [row] = await query<OpenedRow>(
        'select * from bulk_notify.open_bulk($1, $2, $3, $4, $5, $6, $7, $8)',
        [
          ...[bulkId, requestId, JSON.stringify(filter), JSON.stringify(ages)],
          ...[includeSent, ratePerSecond],
          ...[requestedBy ?? null, reason ?? null],
        ],
      );
      if (!row) throw transient('LedgerUnreadable', 'the ledger returned no row');
      const { state, include_sent, matched, is_matched_capped, ...opened } = row;
      return {
        ...{ state, filter: opened.filter, includeSent: include_sent },
        ...{ matched: matched ?? undefined, isMatchedCapped: is_matched_capped ?? undefined },
      };
    },

    async recordCount(bulkId, matched, isCapped) {
      await query('select bulk_notify.record_bulk_count($1, $2, $3)', [bulkId, matched, isCapped]);
    },

    async pending(bulkId, limit) {
      const [row] = await query<{ searched_to: string | null; event_ids: string[] }>(
        'select * from bulk_notify.pending_bulk_items($1, $2)',
        [bulkId, limit],
      );
      return { eventIds: row?.event_ids ?? [], position: row?.searched_to ?? undefined };
    },

    async add(bulkId, eventIds, from, to) {
      const values = [bulkId, eventIds, from ?? null, to];
      await query('select bulk_notify.add_bulk_items($1, $2, $3, $4)', values);
    },

    async check(bulkId, eventId, includeSent) {
      const [row] = await query<{ is_due: boolean }>(
        'select bulk_notify.check_bulk_item($1, $2, $3) as is_due',
        [bulkId, eventId, includeSent],
      );
      return row?.is_due ?? false;
    },

    async settle(bulkId, eventId, result) {
      await query('select bulk_notify.settle_bulk_item($1, $2, $3)', [bulkId, eventId, result]);
    },

    async count(bulkId) {
      const rows = await query<{ result: BulkItemResult; count: number }>(
        'select * from bulk_notify.count_bulk_items($1)',
        [bulkId],
      );
      return countByResult(rows);
    },

    async close(bulkId, as) {
      const [row] = await query<{ state: BulkEnd | null }>(
        'select bulk_notify.close_bulk($1, $2) as state',
        [bulkId, as],
      );
      return row?.state ?? as;
    },
  };
}
