-- The states and reasons that a filter selects, in the order of a notification's way; a reason only if the
-- ledger has it.
create or replace function bulk_notify.selected_kinds(p_filter jsonb)
returns table (state text, reason text)
language sql stable set search_path = bulk_notify, pg_temp as $$
  with recursive reasons (reason) as (
    select min(e.reason) from bulk_upload_notification_events e
    union all
    select (
      select min(e.reason) from bulk_upload_notification_events e where e.reason > r.reason)
      from reasons r where r.reason is not null
  ), kinds (state, reason) as (
    select s.state, null from unnest('{waiting,sending,sent}'::text[]) as s (state)
    union all
    select 'parked', r.reason from reasons r where r.reason is not null
  )
  select k.state, k.reason from kinds k
    where k.state = coalesce(p_filter ->> 'state', k.state)
      and (p_filter ->> 'reason' is null or k.reason = p_filter ->> 'reason');
$$;
