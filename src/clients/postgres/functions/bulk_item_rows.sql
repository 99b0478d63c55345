-- The items of a bulk resend with what became of them, for the functions that read: without settings of
-- its own, so that it becomes a part of their statements. A request that came after the mail was
-- accepted, or while it may have been, asked for nothing and left no row, unless accepted mails were
-- included.
create or replace function bulk_notify.bulk_item_rows(p_bulk_id text)
returns table (id bigint, event_id text, result text, became_of text, at timestamptz)
language sql stable as $$
  select i.id, i.event_id,
      case
        when i.result <> 'requested' or r.resend is not null or b.include_sent then i.result
        when e.sent_count > 0 then 'already_sent'
        when e.reason = 'uncertain' then 'uncertain'
        else 'requested'
      end,
      case
        when i.result <> 'requested' then null
        when r.resend is not null then case
          when e.sent_count > r.resend then 'sent'
          when e.state = 'parked' then 'parked'
          else 'waiting'
        end
        when b.include_sent or (e.sent_count = 0 and e.reason is distinct from 'uncertain')
          then 'waiting'
      end,
      i.at
    from bulk_notify.bulk_items i
    join bulk_notify.bulks b on b.id = i.bulk_id
    join bulk_notify.bulk_upload_notification_events e on e.id = i.event_id
    left join bulk_notify.resends r on r.event_id = i.event_id and r.request_id = i.bulk_id
    where i.bulk_id = p_bulk_id;
$$;
