-- An ID of 64 octets at most; two long IDs with the same beginning stay distinct.
create or replace function bulk_notify.cap_id(p_id text) returns text
language sql immutable as $$
  select case when octet_length(p_id) <= 64 then p_id else left(p_id, 7) || ':' || md5(p_id) end;
$$;
