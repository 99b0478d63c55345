-- How many items of a bulk resend have each result, and what became of those that were requested.
create or replace function bulk_notify.read_bulk_counts(p_bulk_id text)
returns table (result text, became_of text, count integer)
language sql stable security definer set search_path = bulk_notify, pg_temp as $$
  select r.result, r.became_of, count(*)::integer from bulk_item_rows(p_bulk_id) r
    group by r.result, r.became_of;
$$;
