-- Uploads that a notification is owed for, in case the webhook never comes: what the sweep asks the
-- provider about.

-- Up Migration

-- One row a task. A row that is not settled is looked at again at `next_look_at`; `settled_as` says
-- what ended that: `notified` the ledger knew the notification · `late` its run was there already ·
-- `started` the sweep started it · `unknown` given up.
create table bulk_upload_notification_uploads (
  task_id uuid primary key,
  upload_id text,
  user_id text,
  file_name text,
  email_count bigint check (email_count >= 0),
  own_callback boolean not null,
  uploaded_at timestamptz not null default now(),
  next_look_at timestamptz not null default now(),
  looks integer not null default 0 check (looks >= 0),
  missing_since timestamptz,
  settled_at timestamptz,
  settled_as text check (settled_as in ('notified', 'late', 'started', 'unknown')),
  constraint settled_as_something check ((settled_at is null) = (settled_as is null)),
  constraint upload_texts_are_bounded check (
    octet_length(upload_id) <= 64 and octet_length(user_id) <= 64 and octet_length(file_name) <= 8192)
);

-- Holds what is open alone, so that the sweep costs the same however many uploads there were.
create index bulk_upload_notification_uploads_due
  on bulk_upload_notification_uploads (next_look_at, task_id) where settled_at is null;

-- The functions below are all that a worker calls; like those of the ledger they run as their owner.

-- Remembers an upload, once. One that was given up is looked for again.
create function bulk_upload_notification_record_upload(
  p_task_id uuid, p_upload_id text, p_user_id text, p_file_name text, p_email_count bigint,
  p_own_callback boolean
) returns void language sql security definer set search_path = public, pg_temp as $$
  insert into bulk_upload_notification_uploads as u
    (task_id, upload_id, user_id, file_name, email_count, own_callback)
  values (p_task_id, bulk_upload_notification_short_id(p_upload_id),
          bulk_upload_notification_short_id(p_user_id),
          bulk_upload_notification_cap(p_file_name, 8192), p_email_count, p_own_callback)
  on conflict (task_id) do update
    set uploaded_at = now(), next_look_at = now(), looks = 0, missing_since = null,
        settled_at = null, settled_as = null
    where u.settled_as = 'unknown';
$$;

-- Settles uploads whose notification is in the ledger, `p_most` at most: the webhook came, as nearly
-- always, and nobody has to be asked. Returns how many.
create function bulk_upload_notification_settle_notified(
  p_as_of timestamptz, p_age interval, p_most integer
) returns bigint language sql security definer set search_path = public, pg_temp as $$
  with notified as (
    update bulk_upload_notification_uploads u
      set settled_at = now(), settled_as = 'notified'
      where u.settled_at is null and u.task_id in (
        select d.task_id from bulk_upload_notification_uploads d
          where d.settled_at is null and d.next_look_at <= p_as_of
            and d.uploaded_at <= p_as_of - p_age
            and exists (
              select from bulk_upload_notification_events e where e.task_id = d.task_id)
          order by d.next_look_at, d.task_id
          limit p_most)
      returning 1
  )
  select count(*) from notified;
$$;

-- The uploads to ask the provider about, those first that have waited longest.
create function bulk_upload_notification_due_uploads(
  p_as_of timestamptz, p_age interval, p_most integer
) returns table (
  task_id uuid, user_id text, email_count bigint, looks integer, age interval, missing interval
) language sql stable security definer set search_path = public, pg_temp as $$
  select u.task_id, u.user_id, u.email_count, u.looks,
         now() - u.uploaded_at, now() - u.missing_since
    from bulk_upload_notification_uploads u
    where u.settled_at is null and u.next_look_at <= p_as_of and u.uploaded_at <= p_as_of - p_age
      and not exists (
        select from bulk_upload_notification_events e where e.task_id = u.task_id)
    order by u.next_look_at, u.task_id
    limit p_most;
$$;

-- Records what a look at each of these uploads found; the same again changes nothing but the time.
create function bulk_upload_notification_record_looks(p_looks jsonb) returns void
language sql security definer set search_path = public, pg_temp as $$
  update bulk_upload_notification_uploads u
    set looks = l.looks,
        next_look_at = now() + l.again_ms * interval '1 millisecond',
        missing_since = case when l.missing then coalesce(u.missing_since, now()) end,
        settled_at = case when l.settled_as is not null then now() end,
        settled_as = l.settled_as
    from jsonb_to_recordset(p_looks)
      as l (task_id uuid, looks integer, again_ms bigint, missing boolean, settled_as text)
    where u.task_id = l.task_id and u.settled_at is null;
$$;

-- As for the ledger: nothing for the visitors of Supabase's API, and no function for everybody.
alter table bulk_upload_notification_uploads enable row level security;

do $$
declare
  visitor text;
begin
  for visitor in
    select 'public' union all
    select rolname from pg_roles where rolname in ('anon', 'authenticated', 'service_role')
  loop
    execute 'revoke all on bulk_upload_notification_uploads from ' || visitor;
    execute 'revoke all on function bulk_upload_notification_record_upload,
      bulk_upload_notification_settle_notified, bulk_upload_notification_due_uploads,
      bulk_upload_notification_record_looks from ' || visitor;
  end loop;
end;
$$;

-- Down Migration

drop function bulk_upload_notification_record_looks;
drop function bulk_upload_notification_due_uploads;
drop function bulk_upload_notification_settle_notified;
drop function bulk_upload_notification_record_upload;
drop table bulk_upload_notification_uploads;
