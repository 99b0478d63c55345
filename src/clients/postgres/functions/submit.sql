-- Records that the final dot is next; false if another attempt has taken the claim over.
create or replace function bulk_notify.submit(p_attempt_id bigint) returns boolean
language plpgsql security definer
set search_path = bulk_notify, pg_temp set lock_timeout = '8s' as $$
begin
  update attempts set submitted_at = now() where id = p_attempt_id and state = 'sending';
  return found;
end;
$$;
