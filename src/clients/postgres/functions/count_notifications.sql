-- How many notifications a filter (filter_conditions) matches, by state and reason; each count ends at
-- p_limit, and says so. sent_before are those of them that had a mail accepted. A part of a file name is
-- sought in the 50,000 newest notifications of a state.
create or replace function bulk_notify.count_notifications(p_filter jsonb, p_limit integer)
returns table (state text, reason text, count bigint, is_capped boolean, sent_before bigint)
language plpgsql stable security definer set search_path = bulk_notify, pg_temp as $$
declare
  -- Its state and reason select the kinds.
  conditions constant text := filter_conditions(p_filter - '{state,reason}'::text[]);
  part constant text := p_filter ->> 'file_name';
  scan_limit constant integer := case when part is null then p_limit + 1 else 50000 end;
  seen bigint;
  unsent bigint;
begin
  for state, reason in
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
        and (p_filter ->> 'reason' is null or k.reason = p_filter ->> 'reason')
  loop
    execute format(
      'select count(*), count(*) filter (where s.is_match), count(*) filter (where s.is_match and s.is_unsent)
       from (
         select %s as is_match, %s as is_unsent from bulk_upload_notification_events e
           where %s and %s
           order by e.created_at desc
           limit %s
       ) s',
      case when part is null then 'true'
        else format('position(lower(%L) in lower(e.file_name)) > 0', part) end,
      case when state = 'sent' then 'false' else 'e.sent_count = 0' end,
      conditions,
      case when reason is null then format('e.state = %L', state)
        else format('e.reason = %L', reason) end,
      scan_limit)
      into seen, count, unsent;
    is_capped := seen = scan_limit or count > p_limit;
    count := least(count, p_limit);
    sent_before := count - least(unsent, p_limit);
    if count > 0 or is_capped then
      return next;
    end if;
  end loop;
end;
$$;
