import {
  type DayCount,
  FOUND_MAX,
  type LedgerReader,
  type NotificationPage,
  type StateCount,
} from '../../operator/ledger-reader';
import { readCursor, writeCursor } from '../../operator/page-cursor';
import type { Database } from './database';
import {
  type EventRow,
  filterValue,
  type ListedNotification,
  listNotifications,
  toNotification,
} from './list-notifications';
import { readNotification } from './read-notification';

const COUNT_MAX = 10_000;

const EVENTS = 'bulk_notify.bulk_upload_notification_events';

/** Each count is a range of an index: today's is its part so far. */
const COUNT_BY_DAY = `
  select to_char(d, 'YYYY-MM-DD') as day, o.outcome, o.count
    from generate_series(
      date_trunc('day', now() at time zone 'UTC') - interval '1 day' * ($1::integer - 1),
      now() at time zone 'UTC', interval '1 day') as d
    cross join lateral (
      select count(*) as every from ${EVENTS}
        where created_at >= d at time zone 'UTC'
          and created_at < (d + interval '1 day') at time zone 'UTC') as e
    cross join lateral (
      select count(*) as failed from ${EVENTS}
        where outcome = 'failed' and created_at >= d at time zone 'UTC'
          and created_at < (d + interval '1 day') at time zone 'UTC') as f
    cross join lateral (
      values ('completed', e.every - f.failed), ('failed', f.failed)) as o (outcome, count)
    where o.count > 0
    order by d, o.outcome`;

/** An address may have had many attempts: the newest thousand name the notifications. */
const FIND_RECIPIENT = `
  select e.* from ${EVENTS} e
    where e.id in (
      select a.event_id from bulk_notify.attempts a
        where lower(a.recipient) = lower($1)
        order by a.claimed_at desc
        limit 1000)
    order by e.created_at desc, e.id
    limit ${FOUND_MAX}`;

interface CountRow {
  state: StateCount['state'];
  reason: StateCount['reason'] | null;
  count: string;
  is_capped: boolean;
  sent_before: string;
}

/**
 * Reads the ledger with the rights of a reader: `select` on its tables, and its reading functions.
 * The functions do what needs the owner's rights, or is also done by workers, who have no table.
 */
export function createLedgerReader({ query }: Pick<Database, 'query'>): LedgerReader {
  const readRows = (text: string, values: unknown[]) =>
    query<EventRow>(text, values).then((rows) => rows.map(toNotification));

  return {
    async list(filter, { cursor, limit }) {
      const after = cursor === undefined ? undefined : readCursor(cursor);
      if (cursor !== undefined && !after) throw new RangeError('not a cursor of this list');
      // One more tells whether there is another page.
      return toPage(await listNotifications({ query }, filter, { after, limit: limit + 1 }), limit);
    },

    async count(filter) {
      const rows = await query<CountRow>('select * from bulk_notify.count_notifications($1, $2)', [
        filterValue(filter),
        COUNT_MAX,
      ]);
      return rows.map(toCount);
    },

    async countByDay(days) {
      const rows = await query<DayCount & { count: unknown }>(COUNT_BY_DAY, [days]);
      return rows.map((row) => ({ ...row, count: Number(row.count) }));
    },

    read: (eventId) => readNotification({ query }, eventId),

    findByTask: (taskId) =>
      readRows(`select * from ${EVENTS} where task_id = $1 order by outcome`, [taskId]),

    async findUsers(address) {
      const rows = await query<{ user_id: string | null; fault: string | null }>(
        'select user_id, fault from bulk_notify.find_users($1)',
        [address],
      );
      return {
        userIds: [...new Set(rows.flatMap(({ user_id }) => user_id ?? []))],
        faults: rows.flatMap(({ fault }) => fault ?? []),
      };
    },

    findRecipient: (address) => readRows(FIND_RECIPIENT, [address]),
  };
}

function toPage(listed: ListedNotification[], limit: number): NotificationPage {
  const page = listed.slice(0, limit);
  const last = page.at(-1);
  const end = page.find(({ isEnd }) => isEnd);
  return {
    notifications: page.filter(({ isMatch }) => isMatch).map(({ notification }) => notification),
    ...(last && (end ?? listed.length > limit) && { nextCursor: writeCursor(last.position) }),
    ...(end && { searchedTo: end.notification.createdAt }),
  };
}

function toCount({ state, reason, count, ...row }: CountRow): StateCount {
  const sentBefore = state === 'sent' ? 0 : Number(row.sent_before);
  return {
    ...{ state, ...(reason && { reason }), count: Number(count), isCapped: row.is_capped },
    ...(sentBefore > 0 && { sentBefore }),
  };
}
