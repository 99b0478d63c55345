-- Uploads whose notification is expected: the sweep asks the provider about them if no webhook comes.

-- One row a task. A row that is not settled is checked again at `next_look_at`; `settled_as` says how
-- that ended: `notified` the ledger has the notification · `late` its run was there already ·
-- `started` the sweep started it · `unknown` given up.
create table bulk_notify.uploads (
  task_id uuid primary key,
  upload_id text,
  user_id text,
  file_name text,
  email_count bigint check (email_count >= 0),
  own_callback boolean not null,
  uploaded_at timestamptz not null default now(),
  next_look_at timestamptz not null default now(),
  looks integer not null default 0 check (looks >= 0),
  missing_since timestamptz,
  settled_at timestamptz,
  settled_as text check (settled_as in ('notified', 'late', 'started', 'unknown')),
  constraint settled_as_something check ((settled_at is null) = (settled_as is null)),
  constraint texts_are_bounded check (
    octet_length(upload_id) <= 64 and octet_length(user_id) <= 64 and octet_length(file_name) <= 8192)
);

create index uploads_due on bulk_notify.uploads (next_look_at, task_id) where settled_at is null;
