-- How many items of a bulk resend have each result.
create or replace function bulk_notify.count_bulk_items(p_bulk_id text)
returns table (result text, count integer)
language sql stable security definer set search_path = bulk_notify, pg_temp as $$
  select i.result, count(*)::integer from bulk_items i
    where i.bulk_id = p_bulk_id group by i.result;
$$;
