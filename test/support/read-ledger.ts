import type { QueryResultRow } from 'pg';
import { withClient } from '../../tools/sandbox/postgres/with-client';

interface EventRow {
  state: string;
  reason: string | null;
  sent_count: number;
}

interface AttemptRow {
  state: string;
  resend: number;
  message_id: string;
  submitted: boolean;
  reply: string | null;
}

interface ResendRow {
  request_id: string;
  resend: number;
  requested_by: string | null;
  reason: string | null;
}

/** The rows of one notification, in the order in which they were written. */
export async function readLedger(url: string, eventId: string) {
  const [[event], attempts, resends] = await Promise.all([
    query<EventRow>(
      url,
      'select state, reason, sent_count from bulk_notify.bulk_upload_notification_events where id = $1',
      [eventId],
    ),
    query<AttemptRow>(
      url,
      `select state, resend, message_id, submitted_at is not null as submitted, reply
         from bulk_notify.attempts where event_id = $1 order by id`,
      [eventId],
    ),
    query<ResendRow>(
      url,
      `select request_id, resend, requested_by, reason
         from bulk_notify.resends where event_id = $1 order by requested_at`,
      [eventId],
    ),
  ]);
  return { event, attempts, resends };
}

/** One statement over a connection of its own. */
export async function query<Row extends QueryResultRow>(
  url: string,
  statement: string,
  values: unknown[] = [],
): Promise<Row[]> {
  const { rows } = await withClient(url, (client) => client.query<Row>(statement, values));
  return rows;
}
