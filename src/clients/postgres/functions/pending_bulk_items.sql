-- The next notifications of a bulk resend whose turn has not come, and up to where it has searched.
create or replace function bulk_notify.pending_bulk_items(
  p_bulk_id text, p_limit integer, out searched_to text, out event_ids text[]
) language sql stable security definer set search_path = bulk_notify, pg_temp as $$
  select b.searched_to, array(
      select i.event_id from bulk_items i
        where i.bulk_id = b.id and i.result = 'pending' order by i.id limit p_limit)
    from bulks b where b.id = p_bulk_id;
$$;
