-- The notifications of a filter (filter_conditions), the newest first: p_limit of them that come after
-- the position (p_before_micros, p_before_id), or from the newest on. A position is the creation of a
-- notification, in microseconds since 1970, and its ID.
--
-- A part of a file name is sought in the newest notifications (file_search_limit) of the rest of the
-- filter; with a user, in the newest of the user, whatever their states, reasons and outcomes are. If there
-- are older ones, the last row has is_end, whether it matches or not: the search can be continued from its
-- position.
--
-- random_page_cost is that of pages in memory or on an SSD. With that of a disk, the notifications of a
-- user with many would be sought in those of all users.
create or replace function bulk_notify.list_notifications(
  p_filter jsonb, p_before_micros bigint, p_before_id text, p_limit integer
) returns table (
  id text, task_id uuid, outcome text, state text, reason text, user_id text, file_name text,
  email_count bigint, sent_count integer, created_at timestamptz, updated_at timestamptz,
  created_micros bigint, is_match boolean, is_end boolean
) language plpgsql stable security definer
set search_path = bulk_notify, pg_temp set random_page_cost = 1.1 as $$
declare
  search_limit constant integer := file_search_limit(p_filter);
  is_searched_by_user constant boolean := p_filter ?& '{user_id,file_name}'::text[];
  condition text := filter_conditions(
    case when is_searched_by_user then p_filter - '{state,reason,outcome}'::text[] else p_filter end);
begin
  if p_before_micros is not null then
    condition := condition || format(
      ' and (e.created_at, e.id) < (''epoch''::timestamptz + interval ''1 microsecond'' * %L::bigint, %L)',
      p_before_micros, p_before_id);
  end if;
  return query execute format(
    'select r.id, r.task_id, r.outcome, r.state, r.reason, r.user_id, r.file_name, r.email_count,
            r.sent_count, r.created_at, r.updated_at,
            (extract(epoch from r.created_at) * 1000000)::bigint, r.is_match, r.is_end
       from (%s) r
       order by r.created_at desc, r.id desc
       limit %L',
    case when p_filter ? 'file_name' then format(
      'select s.*, s.n = %3$s and s.has_next as is_end from (
         select e.*, position(lower(%1$L) in lower(e.file_name)) > 0 and %4$s as is_match,
                row_number() over newest as n, lead(true, 1, false) over newest as has_next
           from bulk_upload_notification_events e
           where %2$s
           window newest as (order by e.created_at desc, e.id desc)
           order by e.created_at desc, e.id desc
           limit %3$s
       ) s where s.is_match or s.n = %3$s and s.has_next',
      p_filter ->> 'file_name', condition, search_limit, filter_conditions(p_filter))
    else format(
      'select e.*, true as is_match, false as is_end from bulk_upload_notification_events e where %s',
      condition)
    end,
    p_limit);
end;
$$;
