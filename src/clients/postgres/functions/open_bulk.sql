-- Records the start of a bulk resend, or that one goes on which had stopped: who asked last, why and how
-- fast is replaced, what it is about stays. `state` is `completed` if nothing is left to do.
create or replace function bulk_notify.open_bulk(
  p_id text, p_request_id text, p_filter jsonb, p_ages jsonb, p_include_sent boolean,
  p_rate_per_second real, p_requested_by text, p_reason text,
  out state text, out filter jsonb, out include_sent boolean,
  out matched integer, out is_matched_capped boolean
) language plpgsql security definer
set search_path = bulk_notify, pg_temp set lock_timeout = '8s' as $$
begin
  insert into bulks
    (id, request_id, filter, ages, include_sent, rate_per_second, requested_by, reason)
  values
    (p_id, cap_id(p_request_id), p_filter, p_ages, p_include_sent, p_rate_per_second,
     cap_text(p_requested_by, 8192), cap_text(p_reason, 8192))
  on conflict (id) do update
    set rate_per_second = excluded.rate_per_second, requested_by = excluded.requested_by,
        reason = excluded.reason, state = 'running', finished_at = null
    where bulks.state <> 'completed';
  select b.state, b.filter, b.include_sent, b.matched, b.is_matched_capped
    into state, filter, include_sent, matched, is_matched_capped
    from bulks b where b.id = p_id;
end;
$$;
