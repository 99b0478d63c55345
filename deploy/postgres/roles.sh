#!/bin/sh
# Run once by the Postgres image, on an empty volume: one role for Temporal with its databases, and one
# for the service. Neither role can connect to the databases of the other.
set -eu

psql --no-psqlrc --set=ON_ERROR_STOP=1 --username=postgres --dbname=postgres \
  --set=temporal="$(cat /run/secrets/temporal_database_password)" \
  --set=ours="$(cat /run/secrets/database_password)" <<'SQL'
CREATE ROLE temporal LOGIN PASSWORD :'temporal';
CREATE ROLE bulk_notify LOGIN PASSWORD :'ours';
CREATE DATABASE temporal OWNER temporal;
CREATE DATABASE temporal_visibility OWNER temporal;
CREATE DATABASE bulk_notify OWNER bulk_notify;
REVOKE CONNECT ON DATABASE temporal, temporal_visibility, bulk_notify FROM PUBLIC;
SQL
