-- Settles a claim, and what it means for the notification. After a take-over only a 250 still counts,
-- once for each resend: it takes the claim back from its new holder. What is parked stays parked.
--
-- stands: false if the claim was taken over and the notification does not stand as the caller says.
-- changes: what this call has changed, see changes_of.
create or replace function bulk_notify.settle(
  p_attempt_id bigint, p_attempt_state text, p_reply text, p_event_state text, p_reason text,
  out stands boolean, out changes jsonb
) language plpgsql security definer
set search_path = bulk_notify, pg_temp set lock_timeout = '8s' as $$
declare
  event bulk_upload_notification_events;
  settled attempts;
  closed attempts;
  capped_reply constant text := cap_text(p_reply, 8192);
begin
  select e.* into event from bulk_upload_notification_events e
    where e.id = (select a.event_id from attempts a where a.id = p_attempt_id)
    for update;
  update attempts a
    set state = p_attempt_state, reply = capped_reply, settled_at = now()
    where a.id = p_attempt_id and a.state = 'sending'
    returning a.* into settled;
  if found then
    update bulk_upload_notification_events e
      set state = p_event_state, reason = cap_id(p_reason), updated_at = now(),
          sent_count = case p_event_state
            when 'sent' then greatest(e.sent_count, settled.resend + 1) else e.sent_count end
      where e.id = event.id
      returning e.* into event;
    stands := true;
    changes := changes_of(array[settled], event);
    return;
  end if;

  stands := false;
  if p_attempt_state <> 'accepted' or event.state = 'parked' then
    return;
  end if;
  update attempts a
    set state = 'accepted', reply = capped_reply
    where a.id = p_attempt_id and a.state = 'ambiguous' and not exists (
      select from attempts b
        where b.event_id = a.event_id and b.resend = a.resend and b.state = 'accepted'
    )
    returning a.* into settled;
  if not found then
    return;
  end if;
  stands := true;
  changes := changes_of(array[settled]);
  if event.sent_count <= settled.resend then
    closed := close_claim(event.id);
    update bulk_upload_notification_events e
      set state = 'sent', sent_count = settled.resend + 1, updated_at = now()
      where e.id = event.id
      returning e.* into event;
    changes := changes_of(array[settled, closed], event);
  end if;
end;
$$;
