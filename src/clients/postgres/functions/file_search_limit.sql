-- In how many notifications a part of a file name is sought at most, the newest first: those of a user,
-- and of uploads that failed, lie far apart in the table, so that each costs a page of it.
create or replace function bulk_notify.file_search_limit(p_filter jsonb) returns integer
language sql immutable as $$
  select case when p_filter ? 'user_id' or p_filter ->> 'outcome' = 'failed' then 10000 else 50000 end;
$$;
