-- What is parked waits for a request, whatever the reason. A worker that was away while another one
-- parked the notification would send it after all, or leave it waiting with nobody to send it.

-- Up Migration

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

-- Claims the next attempt of a copy, in one step for all workers. What it returns as `claim`:
-- `claimed` an attempt is ours · `sent` this copy was sent, by the attempt returned · else the reason
-- for which it is parked, with the reply of the attempt before.
create or replace function bulk_upload_notification_claim(
  p_id text, p_copy integer, p_user_id text, p_file_name text, p_email_count bigint,
  p_recipient text, p_message_id text, p_mail_date timestamptz, p_run_id text, p_policy text,
  out claim text, out attempt_id bigint, out attempt_state text, out mail_date timestamptz,
  out reply text, out run_id text
) language plpgsql security definer set search_path = public, pg_temp as $$
declare
  event bulk_upload_notification_events;
begin
  insert into bulk_upload_notification_events as e
    (id, task_id, outcome, user_id, file_name, email_count, state)
  values
    (p_id, split_part(p_id, ':', 2)::uuid, split_part(p_id, ':', 3),
     p_user_id, p_file_name, p_email_count, 'waiting')
  on conflict (id) do update
    set user_id = excluded.user_id, file_name = excluded.file_name,
        email_count = excluded.email_count, updated_at = now()
  returning e.* into event;

  if event.sent_copies <= p_copy then
    if event.state = 'parked' then
      claim := event.reason;
      select a.reply into reply from bulk_upload_notification_attempts a
        where a.event_id = p_id and a.copy = p_copy and a.state <> 'sending'
        order by a.id desc limit 1;
      return;
    end if;
    if bulk_upload_notification_close_claim(p_id) = 'ambiguous' and p_policy <> 'resend' then
      update bulk_upload_notification_events e
        set state = case p_policy when 'park' then 'parked' else 'sent' end,
            reason = case p_policy when 'park' then 'uncertain' end,
            sent_copies = case p_policy when 'park' then e.sent_copies else p_copy + 1 end
        where e.id = p_id
        returning e.* into event;
      if p_policy = 'park' then
        claim := 'uncertain';
        return;
      end if;
    end if;
  end if;

  if event.sent_copies > p_copy then
    claim := 'sent';
    select a.id, a.state, a.reply, a.run_id into attempt_id, attempt_state, reply, run_id
      from bulk_upload_notification_attempts a
      where a.event_id = p_id and a.copy = p_copy and a.state in ('accepted', 'ambiguous')
      order by a.state, a.id desc limit 1;
    return;
  end if;

  claim := 'claimed';
  insert into bulk_upload_notification_attempts as a
    (event_id, copy, run_id, recipient, message_id, mail_date, state)
  values
    (p_id, p_copy, p_run_id, p_recipient, p_message_id,
     coalesce(
       (select min(b.mail_date) from bulk_upload_notification_attempts b
          where b.event_id = p_id and b.copy = p_copy),
       p_mail_date),
     'sending')
  returning a.id, a.state, a.mail_date into attempt_id, attempt_state, mail_date;
  update bulk_upload_notification_events e
    set state = 'sending', reason = null where e.id = p_id;
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
      'sent>waiting', 'parked>waiting', 'parked>sending'
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

create or replace function bulk_upload_notification_claim(
  p_id text, p_copy integer, p_user_id text, p_file_name text, p_email_count bigint,
  p_recipient text, p_message_id text, p_mail_date timestamptz, p_run_id text, p_policy text,
  out claim text, out attempt_id bigint, out attempt_state text, out mail_date timestamptz,
  out reply text, out run_id text
) language plpgsql security definer set search_path = public, pg_temp as $$
declare
  event bulk_upload_notification_events;
begin
  insert into bulk_upload_notification_events as e
    (id, task_id, outcome, user_id, file_name, email_count, state)
  values
    (p_id, split_part(p_id, ':', 2)::uuid, split_part(p_id, ':', 3),
     p_user_id, p_file_name, p_email_count, 'waiting')
  on conflict (id) do update
    set user_id = excluded.user_id, file_name = excluded.file_name,
        email_count = excluded.email_count, updated_at = now()
  returning e.* into event;

  if event.sent_copies <= p_copy then
    if event.state = 'parked' and event.reason = 'uncertain' then
      claim := 'uncertain';
      return;
    end if;
    if bulk_upload_notification_close_claim(p_id) = 'ambiguous' and p_policy <> 'resend' then
      update bulk_upload_notification_events e
        set state = case p_policy when 'park' then 'parked' else 'sent' end,
            reason = case p_policy when 'park' then 'uncertain' end,
            sent_copies = case p_policy when 'park' then e.sent_copies else p_copy + 1 end
        where e.id = p_id
        returning e.* into event;
      if p_policy = 'park' then
        claim := 'uncertain';
        return;
      end if;
    end if;
  end if;

  if event.sent_copies > p_copy then
    claim := 'sent';
    select a.id, a.state, a.reply, a.run_id into attempt_id, attempt_state, reply, run_id
      from bulk_upload_notification_attempts a
      where a.event_id = p_id and a.copy = p_copy and a.state in ('accepted', 'ambiguous')
      order by a.state, a.id desc limit 1;
    return;
  end if;

  claim := 'claimed';
  insert into bulk_upload_notification_attempts as a
    (event_id, copy, run_id, recipient, message_id, mail_date, state)
  values
    (p_id, p_copy, p_run_id, p_recipient, p_message_id,
     coalesce(
       (select min(b.mail_date) from bulk_upload_notification_attempts b
          where b.event_id = p_id and b.copy = p_copy),
       p_mail_date),
     'sending')
  returning a.id, a.state, a.mail_date into attempt_id, attempt_state, mail_date;
  update bulk_upload_notification_events e
    set state = 'sending', reason = null where e.id = p_id;
end;
$$;
