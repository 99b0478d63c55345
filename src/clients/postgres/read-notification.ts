import type {
  Attempt,
  NotificationRow,
  RecordedNotification,
  Resend,
} from '../../operator/ledger-reader';
import type { Database } from './database';
import { type EventRow, toNotification } from './list-notifications';

/**
 * One statement, hence one snapshot: a request that is recorded meanwhile is seen with the state that
 * it set, or not at all.
 */
const READ = `
  select e.*,
      (select coalesce(json_agg(a order by a.id), '[]')
         from bulk_notify.attempts a where a.event_id = e.id) as attempts,
      (select coalesce(json_agg(r order by r.id), '[]')
         from bulk_notify.resends r where r.event_id = e.id) as resends
    from bulk_notify.bulk_upload_notification_events e where e.id = $1`;

/** Times are texts in JSON. */
interface AttemptRow {
  id: number;
  resend: number;
  state: Attempt['verdict'];
  recipient: string | null;
  message_id: string;
  claimed_at: string;
  submitted_at: string | null;
  settled_at: string | null;
  reply: string | null;
}

interface ResendRow {
  request_id: string;
  resend: number;
  requested_by: string | null;
  reason: string | null;
  requested_at: string;
}

interface RecordedRow extends EventRow {
  attempts: AttemptRow[];
  resends: ResendRow[];
}

/** A notification with its attempts and requests, each in their order; undefined without a row. */
export async function readNotification(
  { query }: Pick<Database, 'query'>,
  eventId: string,
): Promise<RecordedNotification | undefined> {
  const [row] = await query<RecordedRow>(READ, [eventId]);
  if (!row) return undefined;
  const notification = toNotification(row);
  return {
    notification,
    attempts: row.attempts.map(toAttempt),
    resends: row.resends.map((resend) => toResend(resend, notification)),
  };
}

function toAttempt(row: AttemptRow): Attempt {
  const { submitted_at: submittedAt, settled_at: settledAt, recipient, reply } = row;
  return {
    ...{ id: String(row.id), resend: row.resend, verdict: row.state, messageId: row.message_id },
    claimedAt: toInstant(row.claimed_at),
    ...(recipient !== null && { recipient }),
    ...(submittedAt !== null && { submittedAt: toInstant(submittedAt) }),
    ...(settledAt !== null && { settledAt: toInstant(settledAt) }),
    ...(reply !== null && { reply }),
  };
}

function toResend(row: ResendRow, { state, sentCount }: NotificationRow): Resend {
  const { requested_by: requestedBy, reason } = row;
  const unsent = state === 'parked' ? 'parked' : 'waiting';
  return {
    ...{ requestId: row.request_id, resend: row.resend },
    ...(requestedBy !== null && { requestedBy }),
    ...(reason !== null && { reason }),
    requestedAt: toInstant(row.requested_at),
    result: sentCount > row.resend ? 'sent' : unsent,
  };
}

const toInstant = (text: string): string => new Date(text).toISOString();
