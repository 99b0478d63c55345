-- Addresses of users, from the tables of the team. They are looked up as the owner of this function, so
-- that a worker's role needs no right of its own to them, nor to pass their row-level security.

-- Up Migration

-- Why a table cannot be read by whoever calls this; null if it can. Asks the catalog, where even the
-- name of a table in a closed schema could not be said in SQL.
create function bulk_upload_notification_source_fault(
  p_schema text, p_table text, p_columns text[]
) returns text language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  name constant text := p_schema || '.' || p_table;
  source oid;
  lacking text;
begin
  select c.oid into source from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = p_schema and c.relname = p_table and c.relkind in ('r', 'p', 'v', 'm', 'f');
  if source is null then
    return name || ' does not exist';
  end if;
  select string_agg(k.name, ', ') into lacking from unnest(p_columns) as k (name)
    where not exists (
      select from pg_attribute a
        where a.attrelid = source and a.attname = k.name and not a.attisdropped);
  if lacking is not null then
    return name || ' has no column ' || lacking;
  end if;
  if not has_schema_privilege(p_schema, 'usage') or exists (
    select from unnest(p_columns) as k (name)
      where not has_column_privilege(source, k.name, 'select'))
  then
    return current_user || ' may not read ' || name;
  end if;
  if row_security_active(source) then
    return 'row-level security hides the rows of ' || name || ' from ' || current_user;
  end if;
  return null;
end;
$$;

-- The addresses of a user, in a stable order: of the profiles, ten at most, then of the account. A row
-- with a fault says that a table cannot be read, and why; without a user that is all there is. What has
-- no @, or is too long for an address and a name, is left out. A profile's user_id may have any type
-- that a UUID can be written in.
create function bulk_upload_notification_find_addresses(p_user_id uuid)
returns table (source text, address text, confirmed boolean, fault text)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare
  key_type text;
begin
  source := 'profile';
  fault := public.bulk_upload_notification_source_fault('public', 'profiles', '{user_id,email}');
  if fault is null then
    select format_type(a.atttypid, null) into key_type from pg_attribute a
      where a.attrelid = 'public.profiles'::regclass and a.attname = 'user_id';
    begin
      return query execute format(
        'select ''profile'', p.email::text, false, null::text from public.profiles p
           where p.user_id = $1::text::%s
             and p.email::text like ''%%@%%'' and octet_length(p.email::text) <= 1000
           order by p.email::text limit 10', key_type) using p_user_id;
    exception
      when syntax_error_or_access_rule_violation or data_exception then
        fault := 'public.profiles cannot be asked for a user (' || sqlstate || ')';
    end;
  end if;
  if fault is not null then
    return next;
  end if;

  source := 'account';
  fault := public.bulk_upload_notification_source_fault(
    'auth', 'users', '{id,email,email_confirmed_at}');
  if fault is not null then
    return next;
  else
    return query
      select 'account', u.email::text, u.email_confirmed_at is not null, null::text
        from auth.users u where u.id = p_user_id and u.email like '%@%';
  end if;
end;
$$;

do $$
declare
  visitor text;
begin
  for visitor in
    select 'public' union all
    select rolname from pg_roles where rolname in ('anon', 'authenticated', 'service_role')
  loop
    execute 'revoke all on function bulk_upload_notification_source_fault,
      bulk_upload_notification_find_addresses from ' || visitor;
  end loop;
end;
$$;

-- Down Migration

drop function bulk_upload_notification_find_addresses;
drop function bulk_upload_notification_source_fault;
