-- The users with an address in their profile or account, in any case and ten at most of each, from the
-- team's own tables. A row with a fault says why a table cannot be read.
create or replace function bulk_notify.find_users(p_address text)
returns table (user_id text, fault text)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare
  source record;
begin
  for source in
    select * from (values ('public', 'profiles', 'user_id'), ('auth', 'users', 'id'))
      as s (schema, name, key)
  loop
    user_id := null;
    fault := bulk_notify.source_fault(source.schema, source.name, array[source.key, 'email']);
    if fault is not null then
      return next;
    else
      return query execute format(
        'select t.%I::text, null::text from %I.%I t where lower(t.email::text) = lower($1) limit 10',
        source.key, source.schema, source.name) using p_address;
    end if;
  end loop;
end;
$$;
