-- Whether p_limit other notifications sent their first mail to this address within a day, or are
-- about to: a profile that names a stranger's address sends no more than that. Claims of one address
-- take turns until they are committed, so that no two of them see the same last place free. A session
-- keeps a plan that it may have made when the table was small: it uses the index from the start.
create or replace function bulk_notify.exceeds_recipient_limit(
  p_id text, p_recipient text, p_limit integer
) returns boolean language plpgsql
set search_path = bulk_notify, pg_temp set enable_seqscan = off as $$
begin
  perform pg_advisory_xact_lock(hashtextextended(lower(p_recipient), 7244908113));
  return p_limit <= (
    select count(distinct a.event_id) from attempts a
      where lower(a.recipient) = lower(p_recipient) and a.claimed_at > now() - interval '1 day'
        and a.resend = 0 and a.state in ('sending', 'accepted', 'ambiguous')
        and a.event_id <> p_id);
end;
$$;
