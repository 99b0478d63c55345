-- The addresses of a user, from the team's own tables and in a stable order: of the profiles, ten at
-- most, then of the account. A row with a fault says why a table cannot be read; without a user there
-- are no other rows. Texts without an @, or too long for an address with a name, are left out. A
-- profile's user_id may have any type that can be read from a UUID's text.
create or replace function bulk_notify.find_addresses(p_user_id uuid)
returns table (source text, address text, confirmed boolean, fault text)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare
  key_type text;
begin
  source := 'profile';
  fault := bulk_notify.source_fault('public', 'profiles', '{user_id,email}');
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
  fault := bulk_notify.source_fault('auth', 'users', '{id,email,email_confirmed_at}');
  if fault is not null then
    return next;
  else
    return query
      select 'account', u.email::text, u.email_confirmed_at is not null, null::text
        from auth.users u where u.id = p_user_id and u.email like '%@%';
  end if;
end;
$$;
