-- Parks a notification that could not even be tried. One that was sent stays sent, and one that may
-- have been sent stays uncertain: only a request sends it again. A request that the run has recorded
-- and the caller does not know keeps it open. After an ambiguous attempt to send this mail the reason
-- is `uncertain`. What the caller knows of the notification is kept where the row has nothing.
--
-- status: `sent` if that stands instead, with the attempt that sent the last mail; `parked` for the
-- reason returned, if it is another one than p_reason; null if the notification is parked for
-- p_reason or a request will answer it. changes: what this call has changed, see changes_of.
create or replace function bulk_notify.park(
  p_id text, p_reason text, p_run_id text, p_recorded_requests integer,
  p_user_id text, p_file_name text, p_email_count bigint,
  out status text, out reason text, out reply text, out assumed boolean,
  out changes jsonb
) language plpgsql security definer
set search_path = bulk_notify, pg_temp set lock_timeout = '8s' as $$
declare
  event bulk_upload_notification_events;
  parked bulk_upload_notification_events;
  closed attempts;
begin
  insert into bulk_upload_notification_events as e (id, user_id, file_name, email_count)
  values (p_id, cap_id(p_user_id), cap_text(p_file_name, 8192), p_email_count)
  on conflict (id) do update
    set user_id = coalesce(e.user_id, excluded.user_id),
        file_name = coalesce(e.file_name, excluded.file_name),
        email_count = coalesce(e.email_count, excluded.email_count), updated_at = now()
  returning e.* into event;
  if event.state = 'sent' then
    status := 'sent';
    select a.reply, a.state = 'ambiguous' into reply, assumed
      from sent_attempt(p_id, event.sent_count - 1) a;
    return;
  end if;
  if event.reason = 'uncertain' then
    status := 'parked';
    reason := event.reason;
    return;
  end if;
  if is_superseded(p_id, p_run_id, p_recorded_requests) then
    return;
  end if;
  closed := close_claim(p_id);
  reason := case
    when closed.state = 'ambiguous' then 'uncertain'
    when has_ambiguous_attempt(p_id, event.sent_count) then 'uncertain'
    else p_reason
  end;
  if reason <> p_reason then
    status := 'parked';
  end if;
  update bulk_upload_notification_events e
    set state = 'parked', reason = cap_id(park.reason)
    where e.id = p_id
    returning e.* into parked;
  -- One that was parked for the same reason stays so: the call has come again.
  changes := case when event.reason = parked.reason
    then changes_of(array[closed]) else changes_of(array[closed], parked) end;
end;
$$;
