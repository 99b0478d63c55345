-- Whether the run has recorded more requests than its caller knows. A workflow task that is lost is
-- done again from an earlier point: what it then claims or parks must not undo what a request has
-- opened meanwhile.
create or replace function bulk_notify.is_superseded(
  p_id text, p_run_id text, p_recorded_requests integer
) returns boolean language sql stable set search_path = bulk_notify, pg_temp as $$
  select count(*) > p_recorded_requests from resends where event_id = p_id and run_id = p_run_id;
$$;
