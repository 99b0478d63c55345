-- Records once how many notifications the filter of a bulk resend matched at its start.
create or replace function bulk_notify.record_bulk_count(
  p_id text, p_matched integer, p_is_capped boolean
) returns void language sql security definer
set search_path = bulk_notify, pg_temp set lock_timeout = '8s' as $$
  update bulks set matched = p_matched, is_matched_capped = p_is_capped
    where id = p_id and matched is null;
$$;
