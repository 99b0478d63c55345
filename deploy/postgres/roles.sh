#!/bin/sh
# Run once by the Postgres image, on an empty volume: one role for Temporal with its databases, one for
# the service, and one that reads the ledger for operators. Temporal and the service cannot connect to
# the databases of each other.
set -eu

psql --no-psqlrc --set=ON_ERROR_STOP=1 --username=postgres --dbname=postgres \
  --set=temporal="$(cat /run/secrets/temporal_database_password)" \
  --set=ours="$(cat /run/secrets/database_password)" \
  --set=reader="$(cat /run/secrets/admin_database_password)" <<'SQL'
CREATE ROLE temporal LOGIN PASSWORD :'temporal';
CREATE ROLE bulk_notify LOGIN PASSWORD :'ours';
CREATE ROLE bulk_notify_reader LOGIN PASSWORD :'reader';
CREATE DATABASE temporal OWNER temporal;
CREATE DATABASE temporal_visibility OWNER temporal;
CREATE DATABASE bulk_notify OWNER bulk_notify;
REVOKE CONNECT ON DATABASE temporal, temporal_visibility, bulk_notify FROM PUBLIC;
GRANT CONNECT ON DATABASE bulk_notify TO bulk_notify_reader;
-- What `setup` creates in its schema, this role may read.
\connect bulk_notify
CREATE SCHEMA bulk_notify AUTHORIZATION bulk_notify;
ALTER DEFAULT PRIVILEGES FOR ROLE bulk_notify IN SCHEMA bulk_notify
  GRANT SELECT ON TABLES TO bulk_notify_reader;
SQL
