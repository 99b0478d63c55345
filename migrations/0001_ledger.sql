-- The ledger: what is owed, every attempt to send it, and who asked for another copy.
-- Temporal forgets closed runs after its retention; this dedupe never expires.

-- Up Migration

-- One row a notification. `sent_copies` counts the copies that are settled as sent: copy 0 is the
-- notification itself, copy n the nth that somebody asked for after that.
create table bulk_upload_notification_events (
  id text primary key,
  task_id uuid not null,
  outcome text not null check (outcome in ('completed', 'failed')),
  user_id text,
  file_name text,
  email_count bigint check (email_count >= 0),
  state text not null check (state in ('waiting', 'sending', 'sent', 'parked')),
  reason text,
  sent_copies integer not null default 0 check (sent_copies >= 0),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint id_of_task_and_outcome
    check (id = 'bulk_upload_notification:' || task_id || ':' || outcome),
  constraint parked_for_a_reason check ((state = 'parked') = (reason is not null)),
  constraint sent_means_a_copy check (state <> 'sent' or sent_copies > 0),
  constraint event_texts_are_bounded check (
    octet_length(user_id) <= 64 and octet_length(file_name) <= 8192 and octet_length(reason) <= 64)
);

create index bulk_upload_notification_events_task on bulk_upload_notification_events (task_id);
create index bulk_upload_notification_events_user
  on bulk_upload_notification_events (user_id, created_at);
create index bulk_upload_notification_events_state
  on bulk_upload_notification_events (state, updated_at);
create index bulk_upload_notification_events_time
  on bulk_upload_notification_events (created_at);

-- One row an attempt, claimed before the relay is called. `submitted_at` is set just before the
-- final dot: without it the relay has nothing, whatever happened to the worker.
create table bulk_upload_notification_attempts (
  id bigint generated always as identity primary key,
  event_id text not null references bulk_upload_notification_events (id),
  copy integer not null check (copy >= 0),
  run_id text not null,
  recipient text,
  message_id text not null,
  mail_date timestamptz not null,
  state text not null
    check (state in ('sending', 'accepted', 'refused', 'deferred', 'ambiguous')),
  claimed_at timestamptz not null default now(),
  submitted_at timestamptz,
  settled_at timestamptz,
  reply text,
  constraint settled_in_the_end check ((state = 'sending') = (settled_at is null)),
  constraint attempt_texts_are_bounded check (
    octet_length(run_id) <= 64 and octet_length(recipient) <= 254
    and octet_length(message_id) <= 998 and octet_length(reply) <= 8192)
);

create unique index bulk_upload_notification_attempts_one_accepted
  on bulk_upload_notification_attempts (event_id, copy) where state = 'accepted';
create unique index bulk_upload_notification_attempts_one_claim
  on bulk_upload_notification_attempts (event_id) where state = 'sending';
create index bulk_upload_notification_attempts_event
  on bulk_upload_notification_attempts (event_id, id);

-- One row a request for another copy: who, why, when.
create table bulk_upload_notification_resends (
  event_id text not null references bulk_upload_notification_events (id),
  request_id text not null,
  copy integer not null check (copy >= 0),
  run_id text not null,
  requested_by text,
  reason text,
  requested_at timestamptz not null default now(),
  primary key (event_id, request_id),
  constraint resend_texts_are_bounded check (
    octet_length(request_id) <= 64 and octet_length(run_id) <= 64
    and octet_length(requested_by) <= 8192 and octet_length(reason) <= 8192)
);

-- Text that others wrote, cut to so many octets: a fourth as many characters always fit. What the
-- tables bound is cut before, since a refusal after the mail went out would have it sent again.
create function bulk_upload_notification_cap(p_text text, p_octets integer) returns text
language sql immutable as $$
  select case when octet_length(p_text) <= p_octets then p_text else left(p_text, p_octets / 4) end;
$$;

-- An ID of 64 octets at most; two long ones that begin alike stay two.
create function bulk_upload_notification_short_id(p_id text) returns text
language sql immutable as $$
  select case when octet_length(p_id) <= 64 then p_id else left(p_id, 7) || ':' || md5(p_id) end;
$$;

-- The transitions, once; an update that keeps the state is always allowed.
create function bulk_upload_notification_check_transition() returns trigger
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

create trigger check_transition before update of state on bulk_upload_notification_events
  for each row execute function bulk_upload_notification_check_transition();
create trigger check_transition before update of state on bulk_upload_notification_attempts
  for each row execute function bulk_upload_notification_check_transition();

-- Settles a claim that its worker left open, or that is taken from it: `deferred` if the relay can
-- have nothing, else `ambiguous`; null if there was none. The worker, if it lives, finds its claim
-- gone before the final dot. For functions that hold the row of the event.
create function bulk_upload_notification_close_claim(p_id text) returns text
language sql as $$
  update bulk_upload_notification_attempts
    set state = case when submitted_at is null then 'deferred' else 'ambiguous' end,
        reply = case when submitted_at is null
          then 'the worker was lost before the message was submitted'
          else 'the worker was lost before the answer of the relay was recorded' end,
        settled_at = now()
    where event_id = p_id and state = 'sending'
    returning state;
$$;

-- The functions below are all that a worker calls. They run as their owner, so that its role needs
-- no table (docs/ledger.md). Whatever changes an event and an attempt locks the event first. They wait
-- for a lock no longer than their caller waits for them; a statement timeout, which would bound all of
-- it, takes no effect inside of a function.

-- Claims the next attempt of a copy, in one step for all workers. What it returns as `claim`:
-- `claimed` an attempt is ours · `sent` this copy was sent, by the attempt returned · `uncertain` an
-- attempt before may have been, and the policy is to park.
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

-- Says that the final dot is next; false if the claim is not ours any more.
create function bulk_upload_notification_submit(p_attempt_id bigint) returns boolean
language plpgsql security definer
set search_path = public, pg_temp set lock_timeout = '8s' as $$
begin
  update bulk_upload_notification_attempts set submitted_at = now()
    where id = p_attempt_id and state = 'sending';
  return found;
end;
$$;

-- Settles a claim and what it means for the notification. A claim that was settled by somebody
-- else stays as it is.
create function bulk_upload_notification_settle(
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

-- Records a request for another copy. Returns the copy that it asks for, and what is known of the
-- notification from the copies before; the same again when it is asked twice, by the same run, since
-- the first answer may have been lost, or by another one, which repeats it after a reset.
create function bulk_upload_notification_request(
  p_id text, p_request_id text, p_run_id text, p_requested_by text, p_reason text
) returns table (copy integer, user_id text, file_name text, email_count bigint)
language plpgsql security definer
set search_path = public, pg_temp set lock_timeout = '8s' as $$
declare
  event bulk_upload_notification_events;
  short_request_id constant text := bulk_upload_notification_short_id(p_request_id);
begin
  insert into bulk_upload_notification_events as e (id, task_id, outcome, state)
  values (p_id, split_part(p_id, ':', 2)::uuid, split_part(p_id, ':', 3), 'waiting')
  on conflict (id) do update set updated_at = now()
  returning e.* into event;
  insert into bulk_upload_notification_resends
    (event_id, request_id, copy, run_id, requested_by, reason)
  values (p_id, short_request_id, event.sent_copies, p_run_id,
          bulk_upload_notification_cap(p_requested_by, 8192),
          bulk_upload_notification_cap(p_reason, 8192))
  on conflict do nothing;
  if found and event.state in ('sent', 'parked') then
    update bulk_upload_notification_events e
      set state = 'waiting', reason = null where e.id = p_id;
  end if;
  return query
    select r.copy, event.user_id, event.file_name, event.email_count
      from bulk_upload_notification_resends r
      where r.event_id = p_id and r.request_id = short_request_id;
end;
$$;

-- Addresses are kept for as long as it may matter where a mail went, and for a day at least, by which
-- first mails are limited; then only this is lost.
create function bulk_upload_notification_forget_recipients(older_than interval) returns bigint
language sql as $$
  with forgotten as (
    update bulk_upload_notification_attempts set recipient = null
      where recipient is not null and settled_at < now() - greatest(older_than, interval '1 day')
      returning 1
  )
  select count(*) from forgotten;
$$;

-- Supabase opens what is new in `public` to the visitors of its API, and Postgres opens functions to
-- everybody.
alter table bulk_upload_notification_events enable row level security;
alter table bulk_upload_notification_attempts enable row level security;
alter table bulk_upload_notification_resends enable row level security;

do $$
declare
  visitor text;
begin
  for visitor in
    select 'public' union all
    select rolname from pg_roles where rolname in ('anon', 'authenticated', 'service_role')
  loop
    execute 'revoke all on bulk_upload_notification_events, bulk_upload_notification_attempts,
      bulk_upload_notification_resends, bulk_upload_notification_migrations from ' || visitor;
    execute 'revoke all on sequence bulk_upload_notification_attempts_id_seq,
      bulk_upload_notification_migrations_id_seq from ' || visitor;
    execute 'revoke all on function bulk_upload_notification_check_transition,
      bulk_upload_notification_cap, bulk_upload_notification_short_id,
      bulk_upload_notification_close_claim, bulk_upload_notification_claim,
      bulk_upload_notification_submit, bulk_upload_notification_settle,
      bulk_upload_notification_park, bulk_upload_notification_request,
      bulk_upload_notification_forget_recipients from ' || visitor;
  end loop;
end;
$$;

-- Down Migration

drop function bulk_upload_notification_forget_recipients;
drop function bulk_upload_notification_request;
drop function bulk_upload_notification_park;
drop function bulk_upload_notification_settle;
drop function bulk_upload_notification_submit;
drop function bulk_upload_notification_claim;
drop function bulk_upload_notification_close_claim;
drop table bulk_upload_notification_resends;
drop table bulk_upload_notification_attempts;
drop table bulk_upload_notification_events;
drop function bulk_upload_notification_check_transition;
drop function bulk_upload_notification_short_id;
drop function bulk_upload_notification_cap;
