#!/bin/sh
# Brings Temporal's two databases to this version's schema; harmless to repeat.
set -eu

SQL_PASSWORD="$(cat "$SQL_PASSWORD_FILE")"
export SQL_PASSWORD

migrate() {
  temporal-sql-tool --db "$1" setup-schema -v 0.0
  temporal-sql-tool --db "$1" update-schema --schema-name "postgresql/v12/$2"
}

migrate temporal temporal
migrate temporal_visibility visibility
