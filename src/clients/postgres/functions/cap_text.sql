-- Text of others, cut to p_octets: a quarter as many characters always fit. The functions cut what
-- the tables bound, because a refusal after the mail went out would have it sent again.
create or replace function bulk_notify.cap_text(p_text text, p_octets integer) returns text
language sql immutable as $$
  select case when octet_length(p_text) <= p_octets then p_text else left(p_text, p_octets / 4) end;
$$;
