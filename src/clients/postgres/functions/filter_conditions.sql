-- A filter as a condition over bulk_upload_notification_events, but for its file_name, which no index
-- serves. Its other fields are columns, created_from and created_to. An unknown field fails, because
-- the filter would match more without it.
create or replace function bulk_notify.filter_conditions(p_filter jsonb) returns text
language plpgsql immutable set search_path = pg_catalog, pg_temp as $$
declare
  condition text := 'true';
  field record;
begin
  for field in select key, value from jsonb_each_text(p_filter) loop
    condition := condition || case
      when field.key in ('state', 'reason', 'outcome', 'user_id') then
        format(' and e.%I = %L', field.key, field.value)
      when field.key = 'created_from' then
        format(' and e.created_at >= %L::timestamptz', field.value)
      when field.key = 'created_to' then
        format(' and e.created_at < %L::timestamptz', field.value)
      when field.key = 'file_name' then ''
      end;
  end loop;
  if condition is null then
    raise exception 'the filter % has an unknown field', p_filter
      using errcode = 'invalid_parameter_value';
  end if;
  return condition;
end;
$$;
