-- Records the result of an item whose turn has come.
create or replace function bulk_notify.settle_bulk_item(
  p_bulk_id text, p_event_id text, p_result text
) returns void language sql security definer
set search_path = bulk_notify, pg_temp set lock_timeout = '8s' as $$
  update bulk_items set result = p_result, at = now()
    where bulk_id = p_bulk_id and event_id = p_event_id and result = 'pending';
$$;
