-- One bulk resend, or with a null ID the newest ones.
create or replace function bulk_notify.read_bulks(p_id text, p_limit integer)
returns table (
  id text, request_id text, state text, filter jsonb, ages jsonb, include_sent boolean,
  rate_per_second real, requested_by text, reason text, matched integer, is_matched_capped boolean,
  started_at timestamptz, finished_at timestamptz
) language sql stable security definer set search_path = bulk_notify, pg_temp as $$
  select b.id, b.request_id, b.state, b.filter, b.ages, b.include_sent, b.rate_per_second,
      b.requested_by, b.reason, b.matched, b.is_matched_capped, b.started_at, b.finished_at
    from bulks b where p_id is null or b.id = p_id
    order by b.started_at desc limit p_limit;
$$;
