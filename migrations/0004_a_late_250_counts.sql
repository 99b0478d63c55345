-- A claim that was taken from its worker may still end well: the relay's 250 comes late. Before, only
-- that worker knew, and a run could end as sent while the ledger waited. Now the ledger takes its word,
-- and an attempt that was put off after that leaves the notification sent.

-- Up Migration

create or replace function bulk_upload_notification_check_transition() returns trigger
language plpgsql as $$
declare
  allowed constant text[] := case tg_table_name
    when 'bulk_upload_notification_events' then array[
      'waiting>sending', 'waiting>sent', 'waiting>parked',
      'sending>sent', 'sending>waiting', 'sending>parked',
      'sent>waiting', 'parked>waiting'
    ]
    else array[
      'sending>accepted', 'sending>refused', 'sending>deferred', 'sending>ambiguous',
      'ambiguous>accepted'
    ]
  end;
begin
  if old.state <> new.state and old.state || '>' || new.state <> all (allowed) then
    raise exception 'not a transition of %: % to %', tg_table_name, old.state, new.state
      using errcode = 'check_violation';
  end if;
  return new;
end;
$$;

-- Settles a claim and what it means for the notification. False if that is not what became of it,
-- since the claim was taken over. Of such a one only a 250 still counts, once for a copy: it takes
-- the claim back from whoever has it now. What is parked stays so.
create or replace function bulk_upload_notification_settle(
  p_attempt_id bigint, p_attempt_state text, p_reply text, p_event_state text, p_reason text
) returns boolean language plpgsql security definer
set search_path = public, pg_temp set lock_timeout = '8s' as $$
declare
  event bulk_upload_notification_events;
  settled bulk_upload_notification_attempts;
  capped_reply constant text := bulk_upload_notification_cap(p_reply, 8192);
begin
  select e.* into event from bulk_upload_notification_events e
    where e.id = (select event_id from bulk_upload_notification_attempts where id = p_attempt_id)
    for update;
  update bulk_upload_notification_attempts a
    set state = p_attempt_state, reply = capped_reply, settled_at = now()
    where a.id = p_attempt_id and a.state = 'sending'
    returning a.* into settled;
  if found then
    update bulk_upload_notification_events e
      set state = p_event_state, reason = bulk_upload_notification_short_id(p_reason), updated_at = now(),
          sent_copies = case p_event_state
            when 'sent' then greatest(e.sent_copies, settled.copy + 1) else e.sent_copies end
      where e.id = event.id;
    return true;
  end if;

  if p_attempt_state <> 'accepted' or event.state = 'parked' then
    return false;
  end if;
  update bulk_upload_notification_attempts a
    set state = 'accepted', reply = capped_reply
    where a.id = p_attempt_id and a.state = 'ambiguous' and not exists (
      select from bulk_upload_notification_attempts b
        where b.event_id = a.event_id and b.copy = a.copy and b.state = 'accepted'
    )
    returning a.* into settled;
  if not found then
    return false;
  end if;
  if event.sent_copies <= settled.copy then
    perform bulk_upload_notification_close_claim(event.id);
    update bulk_upload_notification_events e
      set state = 'sent', sent_copies = settled.copy + 1, updated_at = now()
      where e.id = event.id;
  end if;
  return true;
end;
$$;

-- Down Migration

create or replace function bulk_upload_notification_check_transition() returns trigger
language plpgsql as $$
declare
  allowed constant text[] := case tg_table_name
    when 'bulk_upload_notification_events' then array[
      'waiting>sending', 'waiting>parked',
      'sending>sent', 'sending>waiting', 'sending>parked',
      'sent>waiting', 'parked>waiting'
    ]
    else array[
      'sending>accepted', 'sending>refused', 'sending>deferred', 'sending>ambiguous'
    ]
  end;
begin
  if old.state <> new.state and old.state || '>' || new.state <> all (allowed) then
    raise exception 'not a transition of %: % to %', tg_table_name, old.state, new.state
      using errcode = 'check_violation';
  end if;
  return new;
end;
$$;

create or replace function bulk_upload_notification_settle(
  p_attempt_id bigint, p_attempt_state text, p_reply text, p_event_state text, p_reason text
) returns boolean language plpgsql security definer set search_path = public, pg_temp as $$
declare
  settled bulk_upload_notification_attempts;
begin
  perform from bulk_upload_notification_events e
    where e.id = (select event_id from bulk_upload_notification_attempts where id = p_attempt_id)
    for update;
  update bulk_upload_notification_attempts a
    set state = p_attempt_state, reply = p_reply, settled_at = now()
    where a.id = p_attempt_id and a.state = 'sending'
    returning a.* into settled;
  if not found then
    return false;
  end if;
  update bulk_upload_notification_events e
    set state = p_event_state, reason = p_reason, updated_at = now(),
        sent_copies = case p_event_state
          when 'sent' then greatest(e.sent_copies, settled.copy + 1) else e.sent_copies end
    where e.id = settled.event_id;
  return true;
end;
$$;
