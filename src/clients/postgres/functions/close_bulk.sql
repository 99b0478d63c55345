-- Records how a bulk resend ended, unless that is recorded, and returns how; null if it was never opened.
create or replace function bulk_notify.close_bulk(p_id text, p_state text) returns text
language sql security definer
set search_path = bulk_notify, pg_temp set lock_timeout = '8s' as $$
  update bulks set state = p_state, finished_at = now() where id = p_id and state = 'running';
  select state from bulks where id = p_id;
$$;
