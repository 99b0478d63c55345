-- Removes the addresses of attempts that were settled so long ago, and counts them. Never within a day,
-- in which the first mails to an address are limited. For the owner of the tables.
create or replace function bulk_notify.forget_recipients(p_older_than interval) returns bigint
language sql set search_path = bulk_notify, pg_temp as $$
  with forgotten as (
    update attempts set recipient = null
      where recipient is not null and settled_at < now() - greatest(p_older_than, interval '1 day')
      returning 1
  )
  select count(*) from forgotten;
$$;
