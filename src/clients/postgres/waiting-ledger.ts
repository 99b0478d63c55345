import type { OpenCount, WaitingLedger } from '../../operator/sample-waiting';
import type { Database } from './database';

const COUNT_OPEN = `
  select state, reason, count(*)::integer as count
  from bulk_notify.bulk_upload_notification_events
  where state in ('waiting', 'sending', 'parked')
  group by state, reason`;

/** One that was sent or parked before waits since it was last requested, not since its webhook. */
const OLDEST = `
  select min(coalesce(request.requested_at, event.created_at)) as since
  from bulk_notify.bulk_upload_notification_events event
  cross join lateral (
    select max(requested_at) as requested_at from bulk_notify.resends
    where event_id = event.id and resend = event.sent_count) request
  where event.state in ('waiting', 'sending')`;

const UNRECORDED = `
  select given.id from unnest($1::text[]) as given (id)
  where not exists (
    select from bulk_notify.bulk_upload_notification_events event where event.id = given.id)`;

/** Needs a role that may read the ledger's tables, and nothing else. */
export function createWaitingLedger(database: Pick<Database, 'query'>): WaitingLedger {
  return {
    async countOpen() {
      const rows = await database.query<Omit<OpenCount, 'reason'> & { reason: string | null }>(
        COUNT_OPEN,
        [],
      );
      return rows.map(({ reason, ...row }) => ({ ...row, ...(reason && { reason }) }) as OpenCount);
    },
    async readOldest() {
      const [row] = await database.query<{ since: Date | null }>(OLDEST, []);
      return row?.since ?? undefined;
    },
    async findUnrecorded(eventIds) {
      if (eventIds.length === 0) return new Set();
      const rows = await database.query<{ id: string }>(UNRECORDED, [eventIds]);
      return new Set(rows.map(({ id }) => id));
    },
  };
}
