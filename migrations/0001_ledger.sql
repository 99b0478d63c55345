-- The ledger: every notification, every attempt to send it, and every request to send it again, one
-- by one or in bulk.
-- Temporal forgets closed runs after its retention; the ledger does not, so a webhook that comes once
-- more never sends a mail again. `setup` creates the schema, for its own table of migrations.

-- One row a notification. `sent_count` counts the mails that are settled as sent: resend 0 is the
-- notification itself, resend n the nth mail that was requested after it.
create table bulk_notify.bulk_upload_notification_events (
  id text primary key,
  task_id uuid not null generated always as (split_part(id, ':', 2)::uuid) stored,
  outcome text not null generated always as (split_part(id, ':', 3)) stored,
  user_id text,
  file_name text,
  email_count bigint,
  state text not null default 'waiting',
  reason text,
  sent_count integer not null default 0,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint id_has_task_and_outcome
    check (id = 'bulk_upload_notification:' || task_id || ':' || outcome),
  constraint outcome_is_known check (outcome in ('completed', 'failed')),
  constraint state_is_known check (state in ('waiting', 'sending', 'sent', 'parked')),
  constraint counts_are_not_negative check (email_count >= 0 and sent_count >= 0),
  constraint parked_has_a_reason check ((state = 'parked') = (reason is not null)),
  constraint sent_has_a_count check (state <> 'sent' or sent_count > 0),
  constraint texts_are_bounded check (
    octet_length(user_id) <= 64 and octet_length(file_name) <= 8192 and octet_length(reason) <= 64)
);

create index events_task on bulk_notify.bulk_upload_notification_events (task_id);
-- Lists show the newest first, by any of these. Counts read nothing else, except for a part of a file
-- name and for rows newer than the last vacuum, so that each holds what they group and filter by. Most
-- notifications are completed and sent, so the indexes of the others hold little.
create index events_time on bulk_notify.bulk_upload_notification_events (created_at);
create index events_user on bulk_notify.bulk_upload_notification_events (user_id, created_at)
  include (state, reason, outcome, sent_count);
create index events_state on bulk_notify.bulk_upload_notification_events (state, created_at)
  include (outcome, sent_count);
create index events_reason on bulk_notify.bulk_upload_notification_events (reason, created_at)
  include (outcome, sent_count) where reason is not null;
create index events_failed on bulk_notify.bulk_upload_notification_events (created_at)
  include (state, reason, sent_count) where outcome = 'failed';

-- One row an attempt, claimed before the relay is called. `submitted_at` is set just before the
-- final dot: without it the relay has nothing, whatever happened to the worker. `scheduled_at`, by
-- Temporal's clock, is the order of the attempts: an older one cannot take a claim over.
create table bulk_notify.attempts (
  id bigint generated always as identity primary key,
  event_id text not null references bulk_notify.bulk_upload_notification_events (id),
  resend integer not null,
  run_id text not null,
  recipient text,
  message_id text not null,
  mail_date timestamptz not null,
  state text not null,
  scheduled_at timestamptz not null,
  claimed_at timestamptz not null default now(),
  submitted_at timestamptz,
  settled_at timestamptz,
  reply text,
  constraint state_is_known
    check (state in ('sending', 'accepted', 'refused', 'deferred', 'ambiguous')),
  constraint resend_is_not_negative check (resend >= 0),
  constraint settled_has_a_time check ((state = 'sending') = (settled_at is null)),
  constraint texts_are_bounded check (
    octet_length(run_id) <= 64 and octet_length(recipient) <= 254
    and octet_length(message_id) <= 998 and octet_length(reply) <= 8192)
);

create unique index attempts_one_accepted
  on bulk_notify.attempts (event_id, resend) where state = 'accepted';
create unique index attempts_one_claim on bulk_notify.attempts (event_id) where state = 'sending';
create index attempts_event on bulk_notify.attempts (event_id, id);
create index attempts_recipient on bulk_notify.attempts (lower(recipient), claimed_at);

-- One row a request to send the mail again: who, why, when, and the resend that it asks for. `id`
-- gives the order of the requests.
create table bulk_notify.resends (
  id bigint generated always as identity,
  event_id text not null references bulk_notify.bulk_upload_notification_events (id),
  request_id text not null,
  resend integer not null,
  run_id text not null,
  requested_by text,
  reason text,
  requested_at timestamptz not null default now(),
  primary key (event_id, request_id),
  constraint resend_is_not_negative check (resend >= 0),
  constraint texts_are_bounded check (
    octet_length(request_id) <= 64 and octet_length(run_id) <= 64
    and octet_length(requested_by) <= 8192 and octet_length(reason) <= 8192)
);

-- One row a bulk resend: what was asked for, and how far it has come. `ages` are the times of the filter
-- that were given as such (24h), or as an end to come, by which the same request is known again. `searched_to` is the worker's
-- own text; null before the first notification was selected.
create table bulk_notify.bulks (
  id text primary key,
  request_id text not null,
  filter jsonb not null,
  ages jsonb not null,
  include_sent boolean not null,
  rate_per_second real not null,
  requested_by text,
  reason text,
  matched integer,
  is_matched_capped boolean,
  searched_to text,
  state text not null default 'running',
  started_at timestamptz not null default now(),
  finished_at timestamptz,
  constraint id_is_a_bulks check (id ~ '^bulk_resend:[0-9a-f]{32}$'),
  constraint state_is_known check (state in ('running', 'completed', 'cancelled')),
  constraint finished_has_a_time check ((state = 'running') = (finished_at is null)),
  constraint rate_is_positive check (rate_per_second > 0),
  constraint texts_are_bounded check (
    octet_length(request_id) <= 64 and octet_length(filter::text) <= 8192
    and octet_length(ages::text) <= 8192 and octet_length(requested_by) <= 8192
    and octet_length(reason) <= 8192 and octet_length(searched_to) <= 1024)
);

create index bulks_time on bulk_notify.bulks (started_at);

-- One row a notification of a bulk resend, from its selection on: the queue, what makes it requested
-- once, and the report. What became of a request stands in the rows of the notification.
create table bulk_notify.bulk_items (
  bulk_id text not null references bulk_notify.bulks (id),
  event_id text not null references bulk_notify.bulk_upload_notification_events (id),
  id bigint generated always as identity,
  result text not null default 'pending',
  at timestamptz not null default now(),
  primary key (bulk_id, event_id),
  constraint result_is_known
    check (result in ('pending', 'requested', 'already_sent', 'uncertain', 'failed'))
);

create index bulk_items_order on bulk_notify.bulk_items (bulk_id, id);
create index bulk_items_pending on bulk_notify.bulk_items (bulk_id, id) where result = 'pending';

-- Refuses every change of `state` that is not among the trigger's arguments.
create function bulk_notify.check_transition() returns trigger language plpgsql as $$
begin
  if old.state || '>' || new.state <> all (tg_argv) then
    raise exception 'not a transition of %: % to %', tg_table_name, old.state, new.state
      using errcode = 'check_violation';
  end if;
  return new;
end;
$$;

create trigger check_transition before update of state
  on bulk_notify.bulk_upload_notification_events
  for each row when (old.state <> new.state) execute function bulk_notify.check_transition(
    'waiting>sending', 'waiting>sent', 'waiting>parked',
    'sending>waiting', 'sending>sent', 'sending>parked',
    'sent>waiting', 'parked>waiting');

create trigger check_transition before update of state on bulk_notify.attempts
  for each row when (old.state <> new.state) execute function bulk_notify.check_transition(
    'sending>accepted', 'sending>refused', 'sending>deferred', 'sending>ambiguous',
    'ambiguous>accepted');

create trigger check_transition before update of state on bulk_notify.bulks
  for each row when (old.state <> new.state) execute function bulk_notify.check_transition(
    'running>completed', 'running>cancelled', 'cancelled>running');
