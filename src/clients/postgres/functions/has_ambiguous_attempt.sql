-- Whether the relay may have a mail: an attempt to send it ended without an answer.
create or replace function bulk_notify.has_ambiguous_attempt(p_id text, p_resend integer)
returns boolean language sql stable set search_path = bulk_notify, pg_temp as $$
  select exists (
    select from attempts where event_id = p_id and resend = p_resend and state = 'ambiguous');
$$;
