-- A workflow task that is lost is done again, and so is what it did in the ledger: parked, recorded a
-- request, looked everything up again. The second time it parked what the request had opened, and the
-- request, known by then, opened nothing: the notification stayed parked, and the person unheard. The
-- same with a send that was refused. So a claim and a parking say which request their run answers, and
-- what comes after a later one of the same run changes nothing.

-- Up Migration

alter table bulk_upload_notification_resends add column id bigint generated always as identity;

-- Whether the run has recorded a request after this one (empty: any). Null is not checked: it is the
-- word of a worker of before.
create function bulk_upload_notification_is_superseded(
  p_id text, p_run_id text, p_request text
) returns boolean language sql stable as $$
  select p_request is not null and exists (
    select from bulk_upload_notification_resends r
      where r.event_id = p_id and r.run_id = p_run_id and r.id > coalesce(
        (select s.id from bulk_upload_notification_resends s
           where s.event_id = p_id
             and s.request_id = bulk_upload_notification_short_id(p_request)), 0)
  );
$$;

-- First mails to an address, by the time of their claim. What is put off leaves the index.
create index bulk_upload_notification_attempts_recipient
  on bulk_upload_notification_attempts (lower(recipient), claimed_at)
  where copy = 0 and state in ('sending', 'accepted', 'ambiguous');

-- Whether p_limit other notifications sent their first mail to this address within a day, or are
-- about to: then a profile that names a stranger's address sends no more. Claims of one address take
-- turns until they are committed, so that no two of them see the same last place free. The plan is
-- kept by a session that may have made it when the table was small: it is by the index from the start.
create function bulk_upload_notification_exceeds_limit(
  p_id text, p_recipient text, p_limit integer
) returns boolean language plpgsql set enable_seqscan = off as $$
begin
  perform pg_advisory_xact_lock(hashtextextended(lower(p_recipient), 7244908113));
  return p_limit <= (
    select count(distinct a.event_id) from bulk_upload_notification_attempts a
      where lower(a.recipient) = lower(p_recipient) and a.claimed_at > now() - interval '1 day'
        and a.copy = 0 and a.state in ('sending', 'accepted', 'ambiguous')
        and a.event_id <> p_id);
end;
$$;

-- Who may call the two functions that get a parameter more may do so again.
create temporary table bulk_upload_notification_grants on commit drop as
  select p.proname, pg_get_userbyid(a.grantee) as grantee
    from pg_proc p, aclexplode(p.proacl) a
    where p.proname in ('bulk_upload_notification_claim', 'bulk_upload_notification_park')
      and p.pronamespace = 'public'::regnamespace
      and a.grantee not in (0, p.proowner);

drop function bulk_upload_notification_claim;
drop function bulk_upload_notification_park;

-- Claims the next attempt of a copy, in one step for all workers. What it returns as `claim`:
-- `claimed` an attempt is ours · `sent` this copy was sent, by the attempt returned · else the reason
-- for which it is parked, with the reply of the attempt before. `superseded` the run has recorded a
-- request after p_request, which is the one to answer. A limit of p_recipient_limit first mails a day
-- holds for what was not requested; 0 is none.
create function bulk_upload_notification_claim(
  p_id text, p_copy integer, p_user_id text, p_file_name text, p_email_count bigint,
  p_recipient text, p_message_id text, p_mail_date timestamptz, p_run_id text, p_policy text,
  p_request text default null, p_recipient_limit integer default 0,
  out claim text, out attempt_id bigint, out attempt_state text, out mail_date timestamptz,
  out reply text, out run_id text
) language plpgsql security definer
set search_path = public, pg_temp set lock_timeout = '8s' as $$
declare
  event bulk_upload_notification_events;
begin
  insert into bulk_upload_notification_events as e
    (id, task_id, outcome, user_id, file_name, email_count, state)
  values
    (p_id, split_part(p_id, ':', 2)::uuid, split_part(p_id, ':', 3),
     bulk_upload_notification_short_id(p_user_id),
     bulk_upload_notification_cap(p_file_name, 8192), p_email_count, 'waiting')
  on conflict (id) do update
    set user_id = excluded.user_id, file_name = excluded.file_name,
        email_count = excluded.email_count, updated_at = now()
  returning e.* into event;

  if event.sent_copies <= p_copy then
    if bulk_upload_notification_is_superseded(p_id, p_run_id, p_request) then
      claim := 'superseded';
      return;
    end if;
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

  if p_copy = 0 and p_recipient_limit > 0 and coalesce(p_request, '') = ''
    -- What may have been sent before is no first mail any more.
    and not coalesce((
      select bool_or(a.state = 'ambiguous') from bulk_upload_notification_attempts a
        where a.event_id = p_id), false)
    and bulk_upload_notification_exceeds_limit(p_id, p_recipient, p_recipient_limit)
  then
    claim := 'recipient_limit';
    update bulk_upload_notification_events e
      set state = 'parked', reason = 'recipient_limit' where e.id = p_id;
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

-- Parks what could not even be tried. What was sent stays sent, and what may have been sent stays
-- uncertain: only a request may send it again. What the run has recorded a request for since stays
-- to be sent. What it returns as `stands`: `sent` with the attempt that sent the last copy · `uncertain` ·
-- null if it is parked for the reason given, or will be answered by the request.
create function bulk_upload_notification_park(
  p_id text, p_reason text, p_run_id text default null, p_request text default null,
  out stands text, out attempt_state text, out reply text
)
language plpgsql security definer
set search_path = public, pg_temp set lock_timeout = '8s' as $$
declare
  event bulk_upload_notification_events;
begin
  insert into bulk_upload_notification_events as e (id, task_id, outcome, state)
  values (p_id, split_part(p_id, ':', 2)::uuid, split_part(p_id, ':', 3), 'waiting')
  on conflict (id) do update set updated_at = now()
  returning e.* into event;
  if event.state = 'sent' then
    stands := 'sent';
    select a.state, a.reply into attempt_state, reply from bulk_upload_notification_attempts a
      where a.event_id = p_id and a.copy = event.sent_copies - 1
        and a.state in ('accepted', 'ambiguous')
      order by a.state, a.id desc limit 1;
    return;
  end if;
  if event.reason = 'uncertain' then
    stands := 'uncertain';
    return;
  end if;
  if bulk_upload_notification_is_superseded(p_id, p_run_id, p_request) then
    return;
  end if;
  if bulk_upload_notification_close_claim(p_id) = 'ambiguous' then
    stands := 'uncertain';
  end if;
  update bulk_upload_notification_events e
    set state = 'parked', reason = coalesce(stands, bulk_upload_notification_short_id(p_reason))
    where e.id = p_id;
end;
$$;

revoke all on function bulk_upload_notification_is_superseded,
  bulk_upload_notification_exceeds_limit, bulk_upload_notification_claim,
  bulk_upload_notification_park from public;
do $$
declare
  visitor text;
  kept record;
begin
  for visitor in
    select rolname from pg_roles where rolname in ('anon', 'authenticated', 'service_role')
  loop
    execute 'revoke all on sequence bulk_upload_notification_resends_id_seq from ' || visitor;
    execute 'revoke all on function bulk_upload_notification_is_superseded,
      bulk_upload_notification_exceeds_limit, bulk_upload_notification_claim,
      bulk_upload_notification_park from ' || visitor;
  end loop;
  for kept in select * from bulk_upload_notification_grants loop
    execute format('grant execute on function %I to %I', kept.proname, kept.grantee);
  end loop;
end;
$$;

-- Down Migration

create temporary table bulk_upload_notification_grants on commit drop as
  select p.proname, pg_get_userbyid(a.grantee) as grantee
    from pg_proc p, aclexplode(p.proacl) a
    where p.proname in ('bulk_upload_notification_claim', 'bulk_upload_notification_park')
      and p.pronamespace = 'public'::regnamespace
      and a.grantee not in (0, p.proowner);

drop function bulk_upload_notification_claim;
drop function bulk_upload_notification_park;

-- Claims the next attempt of a copy, in one step for all workers. What it returns as `claim`:
-- `claimed` an attempt is ours · `sent` this copy was sent, by the attempt returned · else the reason
-- for which it is parked, with the reply of the attempt before.
create function bulk_upload_notification_claim(
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

-- Parks what could not even be tried. What was sent stays sent, and what may have been sent stays
-- uncertain: only a request may send it again.
create function bulk_upload_notification_park(p_id text, p_reason text) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  event bulk_upload_notification_events;
  closed text;
begin
  insert into bulk_upload_notification_events as e (id, task_id, outcome, state)
  values (p_id, split_part(p_id, ':', 2)::uuid, split_part(p_id, ':', 3), 'waiting')
  on conflict (id) do update set updated_at = now()
  returning e.* into event;
  if event.state = 'sent' or event.reason = 'uncertain' then
    return;
  end if;
  closed := bulk_upload_notification_close_claim(p_id);
  update bulk_upload_notification_events e
    set state = 'parked', reason = case closed when 'ambiguous' then 'uncertain' else p_reason end
    where e.id = p_id;
end;
$$;

revoke all on function bulk_upload_notification_claim, bulk_upload_notification_park from public;
do $$
declare
  visitor text;
  kept record;
begin
  for visitor in
    select rolname from pg_roles where rolname in ('anon', 'authenticated', 'service_role')
  loop
    execute 'revoke all on function bulk_upload_notification_claim,
      bulk_upload_notification_park from ' || visitor;
  end loop;
  for kept in select * from bulk_upload_notification_grants loop
    execute format('grant execute on function %I to %I', kept.proname, kept.grantee);
  end loop;
end;
$$;

drop function bulk_upload_notification_exceeds_limit;
drop index bulk_upload_notification_attempts_recipient;
drop function bulk_upload_notification_is_superseded;
alter table bulk_upload_notification_resends drop column id;
