-- Why the owner of find_addresses cannot read a table; null if it can. It asks the catalog, because
-- SQL cannot even name a table in a schema that is closed to the role.
create or replace function bulk_notify.source_fault(
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
