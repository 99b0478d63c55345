-- What a call has changed, for metrics and log lines: the attempts to which it gave a verdict (null ones
-- are left out), and the event if the call has sent or parked it.
create or replace function bulk_notify.changes_of(
  p_attempts bulk_notify.attempts[],
  p_settled bulk_notify.bulk_upload_notification_events default null
) returns jsonb language sql stable set search_path = bulk_notify, pg_temp as $$
  select jsonb_build_object(
    'attempts', coalesce(jsonb_agg(
      jsonb_build_object('id', a.id::text, 'resend', a.resend, 'verdict', a.state, 'reply', a.reply)
    ) filter (where a.id is not null), '[]'),
    'settled', case when (p_settled).state in ('sent', 'parked') then
      jsonb_build_object('state', (p_settled).state, 'reason', (p_settled).reason) end)
  from unnest(p_attempts) a;
$$;
