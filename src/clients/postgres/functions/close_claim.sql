-- Settles the open claim of a notification, which its worker has lost or is about to lose: `deferred`
-- if the relay can have nothing, else `ambiguous`. Returns the attempt; null if there is none. A worker
-- that still lives finds its claim gone before the final dot. The caller has locked the row of the
-- event.
create or replace function bulk_notify.close_claim(p_id text) returns bulk_notify.attempts
language sql set search_path = bulk_notify, pg_temp as $$
  update attempts
    set state = case when submitted_at is null then 'deferred' else 'ambiguous' end,
        reply = case when submitted_at is null
          then 'the worker was lost before the message was submitted'
          else 'the worker was lost before the answer of the relay was recorded' end,
        settled_at = now()
    where event_id = p_id and state = 'sending'
    returning *;
$$;
