-- Records how a bulk resend ended.
create or replace function bulk_notify.close_bulk(p_id text, p_state text) returns void
language sql security definer
set search_path = bulk_notify, pg_temp set lock_timeout = '8s' as $$
  update bulks set state = p_state, finished_at = now() where id = p_id and state = 'running';
$$;
