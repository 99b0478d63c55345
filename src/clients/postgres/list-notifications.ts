import type { NotificationRow } from '../../operator/ledger-reader';
import type { LedgerState, NotificationFilter } from '../../operator/notification-filter';
import type { PagePosition } from '../../operator/page-cursor';
import type { Outcome } from '../../../workflows/core/outcome';
import type { ParkReason } from '../../../workflows/core/reasons';
import type { Database } from './database';

/** A row of bulk_upload_notification_events. */
export interface EventRow {
  id: string;
  task_id: string;
  outcome: Outcome;
  state: LedgerState;
  reason: ParkReason | null;
  user_id: string | null;
  file_name: string | null;
  email_count: string | null;
  sent_count: number;
  created_at: Date;
  updated_at: Date;
}

interface ListedRow extends EventRow {
  created_micros: string;
  is_match: boolean;
  is_end: boolean;
}

export interface ListedNotification {
  notification: NotificationRow;
  position: PagePosition;
  /** False only where `isEnd`. */
  isMatch: boolean;
  /** A part of a file name is sought, and the search ended here. */
  isEnd: boolean;
}

/** So many notifications of a filter after a position, the newest first. */
export async function listNotifications(
  database: Pick<Database, 'query'>,
  filter: NotificationFilter,
  { after, limit }: { after?: PagePosition; limit: number },
): Promise<ListedNotification[]> {
  const rows = await database.query<ListedRow>(
    'select * from bulk_notify.list_notifications($1, $2, $3, $4)',
    [filterValue(filter), after?.createdAtMicros ?? null, after?.eventId ?? null, limit],
  );
  return rows.map((row) => ({
    notification: toNotification(row),
    position: { createdAtMicros: row.created_micros, eventId: row.id },
    ...{ isMatch: row.is_match, isEnd: row.is_end },
  }));
}

/** A filter as the ledger's functions take it. */
export function filterValue(filter: NotificationFilter): string {
  const { state, reason, outcome, userId, fileName, createdFrom, createdTo } = filter;
  return JSON.stringify({
    ...{ state, reason, outcome, user_id: userId },
    ...{ file_name: fileName, created_from: createdFrom, created_to: createdTo },
  });
}

export function toNotification(row: EventRow): NotificationRow {
  return {
    ...{ eventId: row.id, taskId: row.task_id, outcome: row.outcome, state: row.state },
    ...(row.reason !== null && { reason: row.reason }),
    ...(row.user_id !== null && { userId: row.user_id }),
    ...(row.file_name !== null && { fileName: row.file_name }),
    ...(row.email_count !== null && { emailCount: Number(row.email_count) }),
    sentCount: row.sent_count,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  };
}
