-- The outcomes of a task for which the ledger has a notification.
create or replace function bulk_notify.find_outcomes(p_task_id uuid) returns setof text
language sql stable security definer set search_path = bulk_notify, pg_temp as $$
  select outcome from bulk_upload_notification_events where task_id = p_task_id order by outcome;
$$;
