-- Remembers an upload, once. One that was given up is watched again.
create or replace function bulk_notify.record_upload(
  p_task_id uuid, p_upload_id text, p_user_id text, p_file_name text, p_email_count bigint,
  p_own_callback boolean
) returns void language sql security definer set search_path = bulk_notify, pg_temp as $$
  insert into uploads as u
    (task_id, upload_id, user_id, file_name, email_count, own_callback)
  values (p_task_id, cap_id(p_upload_id), cap_id(p_user_id), cap_text(p_file_name, 8192),
          p_email_count, p_own_callback)
  on conflict (task_id) do update
    set uploaded_at = now(), next_look_at = now(), looks = 0, missing_since = null,
        settled_at = null, settled_as = null
    where u.settled_as = 'unknown';
$$;

-- Settles uploads whose notification is in the ledger, `p_most` at most, and counts them.
create or replace function bulk_notify.settle_notified(
  p_as_of timestamptz, p_age interval, p_most integer
) returns bigint language sql security definer set search_path = bulk_notify, pg_temp as $$
  with notified as (
    update uploads u
      set settled_at = now(), settled_as = 'notified'
      where u.settled_at is null and u.task_id in (
        select d.task_id from uploads d
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
create or replace function bulk_notify.due_uploads(
  p_as_of timestamptz, p_age interval, p_most integer
) returns table (
  task_id uuid, user_id text, email_count bigint, looks integer, age interval, missing interval
) language sql stable security definer set search_path = bulk_notify, pg_temp as $$
  select u.task_id, u.user_id, u.email_count, u.looks,
         now() - u.uploaded_at, now() - u.missing_since
    from uploads u
    where u.settled_at is null and u.next_look_at <= p_as_of and u.uploaded_at <= p_as_of - p_age
      and not exists (
        select from bulk_upload_notification_events e where e.task_id = u.task_id)
    order by u.next_look_at, u.task_id
    limit p_most;
$$;

-- Records what was found about each of these uploads; the same again changes nothing but the time.
create or replace function bulk_notify.record_looks(p_looks jsonb) returns void
language sql security definer set search_path = bulk_notify, pg_temp as $$
  update uploads u
    set looks = l.looks,
        next_look_at = now() + l.again_ms * interval '1 millisecond',
        missing_since = case when l.missing then coalesce(u.missing_since, now()) end,
        settled_at = case when l.settled_as is not null then now() end,
        settled_as = l.settled_as
    from jsonb_to_recordset(p_looks)
      as l (task_id uuid, looks integer, again_ms bigint, missing boolean, settled_as text)
    where u.task_id = l.task_id and u.settled_at is null;
$$;
