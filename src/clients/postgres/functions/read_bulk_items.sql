-- The items of a bulk resend after the one with the number p_after, in the order of their selection.
create or replace function bulk_notify.read_bulk_items(
  p_bulk_id text, p_after bigint, p_limit integer, p_result text
) returns table (id bigint, event_id text, result text, became_of text, at timestamptz)
language sql stable security definer set search_path = bulk_notify, pg_temp as $$
  select * from bulk_item_rows(p_bulk_id) r
    where r.id > p_after and (p_result is null or r.result = p_result)
    order by r.id limit p_limit;
$$;
