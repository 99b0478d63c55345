import type { QueryResultRow } from 'pg';
import { withClient } from '../../sandbox/postgres/with-client';
import type { ObservedAttempt, ObservedEvent, ObservedResend } from './observations';

const EVENTS = `select id, state, reason, sent_count as "sentCount"
  from bulk_notify.bulk_upload_notification_events`;
const ATTEMPTS = `select event_id as "eventId", resend, state, message_id as "messageId", recipient,
    extract(epoch from claimed_at) * 1000 as "claimedAt",
    extract(epoch from settled_at) * 1000 as "settledAt", reply
  from bulk_notify.attempts order by id`;
const RESENDS = `select event_id as "eventId", request_id as "requestId", resend
  from bulk_notify.resends order by requested_at`;

/** All rows of the ledger. */
export function readLedger(url: string) {
  return withClient(url, async (client) => {
    const read = async <Row extends QueryResultRow>(sql: string) =>
      (await client.query<Row>(sql)).rows;
    const events = await read<ObservedEvent & { reason: string | null }>(EVENTS);
    return {
      events: events.map((event): ObservedEvent => ({
        ...event,
        reason: event.reason ?? undefined,
      })),
      attempts: (await read<ObservedAttempt>(ATTEMPTS)).map(withTimes),
      resends: await read<ObservedResend>(RESENDS),
    };
  });
}

/** Postgres returns numeric values as text. */
function withTimes({ claimedAt, settledAt, ...attempt }: ObservedAttempt): ObservedAttempt {
  const settled = settledAt === null ? undefined : Number(settledAt);
  return { ...attempt, claimedAt: Number(claimedAt), settledAt: settled };
}
