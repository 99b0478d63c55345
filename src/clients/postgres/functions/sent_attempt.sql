-- The attempt that sent a mail: the one that was accepted, else the last that is assumed to have been.
create or replace function bulk_notify.sent_attempt(p_id text, p_resend integer)
returns bulk_notify.attempts language sql stable set search_path = bulk_notify, pg_temp as $$
  select * from attempts
    where event_id = p_id and resend = p_resend and state in ('accepted', 'ambiguous')
    order by state, id desc limit 1;
$$;
