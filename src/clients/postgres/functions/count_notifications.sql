-- How many notifications a filter (filter_conditions) matches, by state and reason; each count ends at
-- p_limit, and says so. sent_before are those of them that had a mail accepted.
--
-- A part of a file name is sought in the newest notifications (file_search_limit) of each state and reason;
-- with a user, in the newest of the user, once for all of them: an index has the newest of a user, but none
-- has those of a state. One more is read, which tells whether there are older ones: is_capped then says
-- that the search ended before the oldest.
create or replace function bulk_notify.count_notifications(p_filter jsonb, p_limit integer)
returns table (state text, reason text, count bigint, is_capped boolean, sent_before bigint)
language plpgsql stable security definer set search_path = bulk_notify, pg_temp
set random_page_cost = 1.1 as $$
declare
  -- Its state and reason select the kinds.
  conditions constant text := filter_conditions(p_filter - '{state,reason}'::text[]);
  part constant text := p_filter ->> 'file_name';
  is_match constant text := case when part is null then 'true'
    else format('position(lower(%L) in lower(e.file_name)) > 0', part) end;
  scan_limit constant integer := 1 +
    case when part is null then p_limit else file_search_limit(p_filter) end;
  seen bigint;
  unsent bigint;
begin
  if part is not null and p_filter ? 'user_id' then
    return query execute format(
      'with searched as materialized (
         select e.state, e.reason, e.sent_count, %s and %s as is_match
           from bulk_upload_notification_events e
           where %s
           order by e.created_at desc
           limit %s
       ), counts as (
         select k.state, k.reason, k.n, least(count(s.state), $2) as count,
             count(s.state) > $2 or (select count(*) = %4$s from searched) as is_capped,
             count(*) filter (where s.sent_count = 0) as unsent
           from selected_kinds($1) with ordinality as k (state, reason, n)
           left join searched s
             on s.is_match and s.state = k.state and s.reason is not distinct from k.reason
           group by k.state, k.reason, k.n
       )
       select c.state, c.reason, c.count, c.is_capped, c.count - least(c.unsent, $2)
         from counts c where c.count > 0 or c.is_capped order by c.n',
      is_match, conditions,
      filter_conditions(p_filter - '{state,reason,outcome}'::text[]), scan_limit)
      using p_filter, p_limit;
    return;
  end if;

  for state, reason in select k.state, k.reason from selected_kinds(p_filter) k loop
    execute format(
      'select count(*), count(*) filter (where s.is_match), count(*) filter (where s.is_match and s.is_unsent)
       from (
         select %s as is_match, %s as is_unsent from bulk_upload_notification_events e
           where %s and %s
           order by e.created_at desc
           limit %s
       ) s',
      is_match,
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
