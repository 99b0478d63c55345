-- Claims the next attempt of a resend, in one step for all workers. Like every function that a worker
-- calls, it runs as its owner, so that the worker's role needs no table, and waits no longer for a
-- lock than its caller waits for it (a statement timeout takes no effect inside a function). Whatever
-- changes an event and an attempt locks the event first.
--
-- p_if_lost is the state of the notification if an earlier attempt was lost after its final dot:
-- `waiting` sends again. p_recipient_limit bounds the first mails to an address that no person
-- requested; 0 is no limit. p_scheduled_at is when Temporal scheduled the caller's attempt.
--
-- status: `claimed` the attempt belongs to the caller; after_ambiguous says whether an earlier one is
-- ambiguous · `sent` this resend was sent before, or is assumed to have been · `parked` for the reason
-- returned, with the reply of the last attempt · `superseded` the run has recorded a request that the
-- caller does not know · `overtaken` by an attempt that was scheduled after the caller's and is open:
-- Temporal has given the caller's up, and its worker came late. changes: what this call has changed
-- beside the claim, see changes_of.
create or replace function bulk_notify.claim(
  p_id text, p_resend integer, p_user_id text, p_file_name text, p_email_count bigint,
  p_recipient text, p_message_id text, p_mail_date timestamptz,
  p_run_id text, p_recorded_requests integer, p_if_lost text, p_scheduled_at timestamptz,
  p_recipient_limit integer,
  out status text, out reason text, out attempt_id bigint, out mail_date timestamptz,
  out after_ambiguous boolean, out run_id text, out reply text, out assumed boolean,
  out changes jsonb
) language plpgsql security definer
set search_path = bulk_notify, pg_temp set lock_timeout = '8s' as $$
declare
  event bulk_upload_notification_events;
  closed attempts;
begin
  insert into bulk_upload_notification_events as e (id, user_id, file_name, email_count)
  values (p_id, cap_id(p_user_id), cap_text(p_file_name, 8192), p_email_count)
  on conflict (id) do update
    set user_id = excluded.user_id, file_name = excluded.file_name,
        email_count = excluded.email_count, updated_at = now()
  returning e.* into event;

  if event.sent_count <= p_resend then
    if is_superseded(p_id, p_run_id, p_recorded_requests) then
      status := 'superseded';
      return;
    end if;
    if exists (
      select from attempts a
        where a.event_id = p_id and a.state = 'sending' and a.scheduled_at > p_scheduled_at)
    then
      status := 'overtaken';
      return;
    end if;
    if event.state <> 'parked' then
      closed := close_claim(p_id);
      changes := changes_of(array[closed]);
      if closed.state = 'ambiguous' and p_if_lost <> 'waiting' then
        update bulk_upload_notification_events e
          set state = p_if_lost,
              reason = case p_if_lost when 'parked' then 'uncertain' end,
              sent_count = case p_if_lost when 'sent' then p_resend + 1 else e.sent_count end
          where e.id = p_id
          returning e.* into event;
        changes := changes_of(array[closed], event);
      end if;
    end if;
    if event.state = 'parked' then
      status := 'parked';
      reason := event.reason;
      select a.reply into reply from attempts a
        where a.event_id = p_id and a.resend = p_resend and a.state <> 'sending'
        order by a.id desc limit 1;
      return;
    end if;
  end if;

  if event.sent_count > p_resend then
    status := 'sent';
    select a.run_id, a.reply, a.state = 'ambiguous' into run_id, reply, assumed
      from sent_attempt(p_id, p_resend) a;
    return;
  end if;

  -- A mail that was requested, or that may have been sent before, is no first mail.
  if p_resend = 0 and p_recipient_limit > 0
    and not exists (select from resends r where r.event_id = p_id)
    and not exists (select from attempts a where a.event_id = p_id and a.state = 'ambiguous')
    and exceeds_recipient_limit(p_id, p_recipient, p_recipient_limit)
  then
    status := 'parked';
    reason := 'recipient_limit';
    update bulk_upload_notification_events e
      set state = 'parked', reason = 'recipient_limit' where e.id = p_id
      returning e.* into event;
    changes := changes_of(array[closed], event);
    return;
  end if;

  status := 'claimed';
  after_ambiguous := has_ambiguous_attempt(p_id, p_resend);
  insert into attempts as a
    (event_id, resend, run_id, recipient, message_id, mail_date, state, scheduled_at)
  values
    (p_id, p_resend, p_run_id, p_recipient, p_message_id,
     coalesce(
       (select min(b.mail_date) from attempts b where b.event_id = p_id and b.resend = p_resend),
       p_mail_date),
     'sending', p_scheduled_at)
  returning a.id, a.mail_date into attempt_id, mail_date;
  update bulk_upload_notification_events e set state = 'sending', reason = null where e.id = p_id;
end;
$$;
