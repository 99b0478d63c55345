-- Records a request to send the mail again, once, and opens a notification that was sent or parked.
-- Returns which resend the request asks for, how many requests of this run the ledger has up to this
-- one, and what it knows of the notification. Asked again, it returns the same: by the same run, to
-- which the first answer may not have come, or by another one, which repeats it after a reset.
create or replace function bulk_notify.request_resend(
  p_id text, p_request_id text, p_run_id text, p_requested_by text, p_reason text,
  out resend integer, out recorded_requests integer,
  out user_id text, out file_name text, out email_count bigint
) language plpgsql security definer
set search_path = bulk_notify, pg_temp set lock_timeout = '8s' as $$
declare
  event bulk_upload_notification_events;
  request resends;
begin
  insert into bulk_upload_notification_events as e (id) values (p_id)
  on conflict (id) do update set updated_at = now()
  returning e.* into event;
  insert into resends (event_id, request_id, resend, run_id, requested_by, reason)
  values (p_id, cap_id(p_request_id), event.sent_count, p_run_id,
          cap_text(p_requested_by, 8192), cap_text(p_reason, 8192))
  on conflict do nothing;
  if found and event.state in ('sent', 'parked') then
    update bulk_upload_notification_events e
      set state = 'waiting', reason = null where e.id = p_id;
  end if;
  select r.* into request from resends r
    where r.event_id = p_id and r.request_id = cap_id(p_request_id);
  select count(*) into recorded_requests from resends r
    where r.event_id = p_id and r.run_id = p_run_id and r.id <= request.id;
  resend := request.resend;
  user_id := event.user_id;
  file_name := event.file_name;
  email_count := event.email_count;
end;
$$;
