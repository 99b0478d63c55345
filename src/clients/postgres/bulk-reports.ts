import { type BulkItemResult, countByResult } from '../../../workflows/core/bulk-request';
import type { FilterAges, NotificationFilter } from '../../../workflows/core/notification-filter';
import type {
  BulkCounts,
  BulkItem,
  BulkItemFate,
  BulkReports,
  BulkSummary,
} from '../../operator/bulk-reports';
import { bulkItemCursor } from '../../operator/page-cursor';
import type { Database } from './database';

const LIST_MAX = 50;

interface BulkRow {
  id: string;
  request_id: string;
  state: BulkSummary['state'];
  filter: NotificationFilter;
  ages: FilterAges;
  include_sent: boolean;
  rate_per_second: number;
  requested_by: string | null;
  reason: string | null;
  matched: number | null;
  is_matched_capped: boolean | null;
  started_at: Date;
  finished_at: Date | null;
}

interface CountRow {
  result: BulkItemResult;
  became_of: BulkItemFate | null;
  count: number;
}

interface ItemRow {
  id: string;
  event_id: string;
  result: BulkItemResult;
  became_of: BulkItemFate | null;
  at: Date;
}

/** Reads bulk resends by functions, which a worker's role may call as well as a reader's. */
export function createBulkReports({ query }: Pick<Database, 'query'>): BulkReports {
  const readBulks = async (bulkId: string | null, limit: number) => {
    const rows = await query<BulkRow>('select * from bulk_notify.read_bulks($1, $2)', [
      bulkId,
      limit,
    ]);
    return rows.map(toSummary);
  };

  return {
    async read(bulkId) {
      const [[bulk], counts] = await Promise.all([
        readBulks(bulkId, 1),
        query<CountRow>('select * from bulk_notify.read_bulk_counts($1)', [bulkId]),
      ]);
      return bulk && { ...bulk, counts: toCounts(counts) };
    },

    async items(bulkId, { cursor = '0', limit, result }) {
      if (!bulkItemCursor.safeParse(cursor).success)
        throw new RangeError('not a cursor of this list');
      // One more tells whether there is another page.
      const rows = await query<ItemRow>(
        'select * from bulk_notify.read_bulk_items($1, $2, $3, $4)',
        [bulkId, cursor, limit + 1, result ?? null],
      );
      const page = rows.slice(0, limit);
      const nextCursor = rows.length > limit ? page.at(-1)?.id : undefined;
      return { items: page.map(toItem), ...(nextCursor !== undefined && { nextCursor }) };
    },

    list: () => readBulks(null, LIST_MAX),
  };
}

function toSummary(row: BulkRow): BulkSummary {
  return {
    ...{ bulkId: row.id, requestId: row.request_id, state: row.state, filter: row.filter },
    ages: row.ages,
    ...{ includeSent: row.include_sent, ratePerSecond: row.rate_per_second },
    ...(row.requested_by !== null && { requestedBy: row.requested_by }),
    ...(row.reason !== null && { reason: row.reason }),
    ...(row.matched !== null && { matched: row.matched }),
    ...(row.is_matched_capped !== null && { isMatchedCapped: row.is_matched_capped }),
    startedAt: row.started_at.toISOString(),
    ...(row.finished_at !== null && { finishedAt: row.finished_at.toISOString() }),
  };
}

function toCounts(rows: CountRow[]): BulkCounts {
  const sumOf = (fate: BulkItemFate) =>
    rows.reduce((sum, { became_of, count }) => sum + (became_of === fate ? count : 0), 0);
  return {
    ...countByResult(rows),
    ...{ sent: sumOf('sent'), waiting: sumOf('waiting'), parked: sumOf('parked') },
  };
}

function toItem({ event_id: eventId, result, became_of, at }: ItemRow): BulkItem {
  return {
    ...{ eventId, result },
    ...(became_of !== null && { becameOf: became_of }),
    at: at.toISOString(),
  };
}
