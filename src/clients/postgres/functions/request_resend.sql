-- Records a request to send the mail again, once, and opens a notification that was sent or parked.
-- Returns which resend the request asks for, how many requests of this run the ledger has up to this
-- one, and what it knows of the notification. Asked again, it returns the same: by the same run, to
-- which the first answer may not have come, or by another one, which repeats it after a reset.
--
-- p_unless_sent changes nothing once a mail of the notification was sent, or may have been and waits
-- for a person. Then there is no resend, and the status says how the notification stands: `sent`, with
-- the attempt that sent the last mail, or `parked` for the reason. is_recorded: by this very call.
create or replace function bulk_notify.request_resend(
  p_id text, p_request_id text, p_run_id text, p_requested_by text, p_reason text,
  p_unless_sent boolean,
  out resend integer, out recorded_requests integer,
  out user_id text, out file_name text, out email_count bigint,
  out status text, out reason text, out reply text, out assumed boolean, out is_recorded boolean
) language plpgsql security definer
set search_path = bulk_notify, pg_temp set lock_timeout = '8s' as $$
declare
  event bulk_upload_notification_events;
  request resends;
begin
  insert into bulk_upload_notification_events as e (id) values (p_id)
  on conflict (id) do update set updated_at = e.updated_at
  returning e.* into event;
  user_id := event.user_id;
  file_name := event.file_name;
  email_count := event.email_count;
  is_recorded := false;

  select r.* into request from resends r
    where r.event_id = p_id and r.request_id = cap_id(p_request_id);
  if not found then
    if p_unless_sent and (event.sent_count > 0 or event.reason = 'uncertain') then
      status := case event.state when 'parked' then 'parked' else 'sent' end;
      reason := event.reason;
      recorded_requests := 0;
      if status = 'sent' then
        select a.reply, a.state = 'ambiguous' into reply, assumed
          from sent_attempt(p_id, event.sent_count - 1) a;
      end if;
      return;
    end if;
    insert into resends as r (event_id, request_id, resend, run_id, requested_by, reason)
    values (p_id, cap_id(p_request_id), event.sent_count, p_run_id,
            cap_text(p_requested_by, 8192), cap_text(p_reason, 8192))
    returning r.* into request;
    is_recorded := true;
    update bulk_upload_notification_events e
      set state = case e.state when 'sending' then 'sending' else 'waiting' end,
          reason = null, updated_at = now()
      where e.id = p_id;
  end if;
  resend := request.resend;
  select count(*) into recorded_requests from resends r
    where r.event_id = p_id and r.run_id = p_run_id and r.id <= request.id;
end;
$$;
