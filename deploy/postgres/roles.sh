#!/bin/sh
# Run once by the image of Postgres, on an empty volume: a role for Temporal, and a role with its
# database for us. Neither sees the other's.
set -eu

psql --no-psqlrc --set=ON_ERROR_STOP=1 --username=postgres --dbname=postgres \
  --set=temporal="$(cat /run/secrets/temporal_database_password)" \
  --set=ours="$(cat /run/secrets/database_password)" <<'SQL'
CREATE ROLE temporal LOGIN CREATEDB PASSWORD :'temporal';
CREATE ROLE bulk_notify LOGIN PASSWORD :'ours';
CREATE DATABASE bulk_notify OWNER bulk_notify;
REVOKE CONNECT ON DATABASE bulk_notify FROM PUBLIC;
SQL
