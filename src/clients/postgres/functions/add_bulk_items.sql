-- Adds the notifications that a search has found to a bulk resend, once each, and moves its position
-- on. Another worker that searched the same page has moved it already: then nothing changes.
create or replace function bulk_notify.add_bulk_items(
  p_bulk_id text, p_event_ids text[], p_from text, p_to text
) returns void language plpgsql security definer
set search_path = bulk_notify, pg_temp set lock_timeout = '8s' as $$
begin
  update bulks set searched_to = p_to where id = p_bulk_id and searched_to is not distinct from p_from;
  if found then
    insert into bulk_items (bulk_id, event_id)
      select p_bulk_id, e.id from unnest(p_event_ids) with ordinality as e (id, n) order by e.n
      on conflict do nothing;
  end if;
end;
$$;
