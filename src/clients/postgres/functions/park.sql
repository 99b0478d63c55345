-- Parks a notification that could not even be tried. One that was sent stays sent, and one that may
-- have been sent stays uncertain: only a request sends it again. A request that the run has recorded
-- and the caller does not know keeps it open.
--
-- status: `sent` or `uncertain` if that stands instead, with the attempt that sent the last mail; null
-- if the notification is parked for p_reason or a request will answer it.
create or replace function bulk_notify.park(
  p_id text, p_reason text, p_run_id text, p_recorded_requests integer,
  out status text, out reply text, out assumed boolean
) language plpgsql security definer
set search_path = bulk_notify, pg_temp set lock_timeout = '8s' as $$
declare
  event bulk_upload_notification_events;
begin
  insert into bulk_upload_notification_events as e (id) values (p_id)
  on conflict (id) do update set updated_at = now()
  returning e.* into event;
  if event.state = 'sent' then
    status := 'sent';
    select a.reply, a.state = 'ambiguous' into reply, assumed from attempts a
      where a.event_id = p_id and a.resend = event.sent_count - 1
        and a.state in ('accepted', 'ambiguous')
      order by a.state, a.id desc limit 1;
    return;
  end if;
  if event.reason = 'uncertain' then
    status := 'uncertain';
    return;
  end if;
  if is_superseded(p_id, p_run_id, p_recorded_requests) then
    return;
  end if;
  if close_claim(p_id) = 'ambiguous' then
    status := 'uncertain';
  end if;
  update bulk_upload_notification_events e
    set state = 'parked', reason = coalesce(status, cap_id(p_reason))
    where e.id = p_id;
end;
$$;
