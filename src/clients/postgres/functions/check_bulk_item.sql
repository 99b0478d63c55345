-- Whether the mail of an item is to be requested. One whose request the ledger has, from a worker that
-- ended before it settled the item, is settled now. Without p_include_sent one that was accepted, or may
-- have been and waits for a person, is settled as such and left alone.
create or replace function bulk_notify.check_bulk_item(
  p_bulk_id text, p_event_id text, p_include_sent boolean
) returns boolean language plpgsql security definer
set search_path = bulk_notify, pg_temp set lock_timeout = '8s' as $$
declare
  found_as text;
begin
  select case
      when exists (select from resends r
        where r.event_id = p_event_id and r.request_id = p_bulk_id) then 'requested'
      when p_include_sent then 'pending'
      when e.sent_count > 0 then 'already_sent'
      when e.reason = 'uncertain' then 'uncertain'
      else 'pending'
    end into found_as
    from bulk_upload_notification_events e where e.id = p_event_id;
  update bulk_items set result = found_as, at = now()
    where bulk_id = p_bulk_id and event_id = p_event_id and result = 'pending'
      and found_as <> 'pending';
  return found_as = 'pending' and exists (
    select from bulk_items
      where bulk_id = p_bulk_id and event_id = p_event_id and result = 'pending');
end;
$$;
