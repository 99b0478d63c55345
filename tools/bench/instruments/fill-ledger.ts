import type { Client } from 'pg';
import { withClient } from '../../sandbox/postgres/with-client';

const USERS = 20_000;
/** The newest notifications are not vacuumed yet, as between two runs of autovacuum. */
const VACUUMED_SHARE = 0.85;

/** A number from 0 to 1 of a notification; each purpose has a salt of its own. */
const DRAW = `
  create function pg_temp.draw(n bigint, salt bigint) returns float8 language sql immutable as
    'select (hashint8extended(n, salt) & 1048575) / 1048576.0::float8'`;

/**
 * 400 days with a growing number of uploads, most of them by a few users. Of 1,000
 * notifications 60 are of failed uploads, 14 are parked, 30 were deferred first and 10 were resent.
 */
const draw = (rows: number) => `
  create temp table drawn as
    select n, 'bulk_upload_notification:' || md5(n::text)::uuid || ':' || outcome as id,
        md5('user ' || owner)::uuid as user_id, 'user-' || owner || '@customer.example' as address,
        name || ' (' || n || ').csv' as file_name, (1 + 200000 * power(d5, 4))::bigint as email_count,
        state, case when state = 'parked' then reason end as reason, d6 < 0.03 as was_deferred,
        case when state <> 'sent' then 0 when d7 < 0.01 then 2 else 1 end as sent_count,
        now() - interval '400 days' * (1 - sqrt(n::float8 / ${rows})) as created_at
      from (
        select n, pg_temp.draw(n, 5) as d5, pg_temp.draw(n, 6) as d6, pg_temp.draw(n, 7) as d7,
            case when pg_temp.draw(n, 1) < 0.06 then 'failed' else 'completed' end as outcome,
            case
              when n > ${rows} - 3 then 'sending'
              when n > ${rows} - 60 and n % 2 = 0 then 'waiting'
              when pg_temp.draw(n, 2) < 0.014 then 'parked'
              else 'sent'
            end as state,
            (array[
              'recipient_missing', 'recipient_missing', 'recipient_missing', 'recipient_missing',
              'refused', 'refused', 'refused', 'gave_up', 'uncertain', 'task_metadata_missing'
            ])[1 + floor(10 * pg_temp.draw(n, 3))::int] as reason,
            floor(${USERS} * power(pg_temp.draw(n, 4), 3))::int as owner,
            (array['customers', 'newsletter subscribers', 'leads', 'Kundenliste Süd', 'export'])[(1 + n % 5)::int]
              as name
          from generate_series(1, ${rows}::bigint) n
      ) drawn`;

const ADD_NOTIFICATIONS = `
  insert into bulk_notify.bulk_upload_notification_events
      (id, user_id, file_name, email_count, state, reason, sent_count, created_at, updated_at)
    select id, user_id, file_name, email_count, state, reason, sent_count, created_at,
        created_at + interval '2 seconds'
      from drawn where n > $1 and n <= $2 order by n`;

const ADD_ATTEMPTS = `
  insert into bulk_notify.attempts (
      event_id, resend, run_id, recipient, message_id, mail_date, state, scheduled_at, claimed_at,
      submitted_at, settled_at, reply)
    select id, a.resend, md5('run ' || n)::uuid, address, '<' || md5('mail ' || n) || '@sender.example>',
        created_at, a.state, created_at, created_at, case when a.state <> 'deferred' then created_at end,
        case when a.state <> 'sending' then created_at + interval '1 second' end,
        case a.state
          when 'accepted' then '250 2.0.0 Ok: queued as ' || left(md5('queue ' || n), 12)
          when 'deferred' then '451 4.3.0 Try again later'
          when 'refused' then '550 5.1.1 No such user'
        end
      from drawn, lateral (
        select 0 as resend, 'deferred' as state where was_deferred or drawn.state = 'waiting'
        union all
        select resend, 'accepted' from generate_series(0, sent_count - 1) resend
        union all
        select 0, case when drawn.state = 'sending' then 'sending'
            when reason = 'refused' then 'refused' else 'ambiguous' end
          where drawn.state = 'sending' or reason in ('refused', 'uncertain')
      ) a
      where n > $1 and n <= $2 order by n`;

const ADD_RESENDS = `
  insert into bulk_notify.resends
      (event_id, request_id, resend, run_id, requested_by, reason, requested_at)
    select id, md5('request ' || n), 1, md5('run ' || n)::uuid, 'Jane', 'not in the inbox',
        created_at + interval '1 hour'
      from drawn where sent_count = 2 and n > $1 and n <= $2 order by n`;

/** With the index that docs/ledger.md advises. */
const ADD_USERS = `
  insert into public.profiles (user_id, email)
    select distinct user_id, address from drawn on conflict do nothing;
  insert into auth.users (id, email, email_confirmed_at)
    select distinct user_id, address, now() from drawn on conflict do nothing;
  create index if not exists bench_profiles_email on public.profiles (lower(email));
  analyze public.profiles, auth.users`;

/** Fills the ledger, always with the same notifications but for their times. */
export async function fillLedger(url: string, rows: number): Promise<void> {
  await withClient(url, async (client) => {
    await client.query(DRAW);
    await client.query(draw(rows));
    const vacuumed = Math.floor(rows * VACUUMED_SHARE);
    await add(client, 0, vacuumed);
    await client.query('vacuum analyze');
    await add(client, vacuumed, rows);
    await client.query(ADD_USERS);
    await client.query('analyze');
    // Or it would come during the measurement.
    await client.query('checkpoint');
  });
}

async function add(client: Client, after: number, upTo: number): Promise<void> {
  for (const insert of [ADD_NOTIFICATIONS, ADD_ATTEMPTS, ADD_RESENDS]) {
    await client.query(insert, [after, upTo]);
  }
}

/** One of the notifications that were filled in. */
export interface LedgerSample {
  eventId: string;
  taskId: string;
  outcome: string;
  userId: string;
  address: string;
  /** The user with the most notifications, the same in all samples. */
  busyUserId: string;
  /** Of its file's name, and of no other. */
  filePart: string;
  /** Its instant, in microseconds since 1970. */
  createdAtMicros: string;
  /** Its day, and the one a week later. */
  from: string;
  to: string;
}

/** Spread over all that were filled in. */
export function sampleLedger(url: string, count: number): Promise<LedgerSample[]> {
  return withClient(url, async (client) => {
    const { rows } = await client.query<LedgerSample>(
      `select e.id as "eventId", e.task_id as "taskId", e.outcome, e.user_id as "userId",
          (select b.user_id from bulk_notify.bulk_upload_notification_events b
             group by b.user_id order by count(*) desc limit 1) as "busyUserId",
          p.email as address, substring(e.file_name from '\\(\\d+\\)') as "filePart",
          (extract(epoch from e.created_at) * 1000000)::bigint::text as "createdAtMicros",
          to_char(e.created_at, 'YYYY-MM-DD') as from,
          to_char(e.created_at + interval '7 days', 'YYYY-MM-DD') as to
        from bulk_notify.bulk_upload_notification_events e
        join public.profiles p on p.user_id::text = e.user_id
        where e.file_name ~ '\\(\\d+\\)'
        order by e.id limit $1`,
      [count],
    );
    return rows;
  });
}
