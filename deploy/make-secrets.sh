#!/bin/sh
# Writes the files of docker-compose.yml's secrets to ./secrets (or the given directory), and keeps
# those that are there. What only you can know is left empty.
set -eu

directory="${1:-secrets}"
mkdir -p "$directory"
# The files are read in the containers by other users than you; the directory keeps others out.
chmod 700 "$directory"

secret() {
  file="$directory/$1.txt"
  if [ -e "$file" ]; then
    echo "kept    $file"
  else
    printf '%s' "$2" >"$file"
    chmod 644 "$file"
    if [ -n "$2" ]; then echo "wrote   $file"; else echo "empty   $file ${3:-}"; fi
  fi
}

random() {
  od -An -N24 -tx1 /dev/urandom | tr -d ' \n'
}

secret postgres_password "$(random)"
secret temporal_database_password "$(random)"
secret database_password "$(random)"
password="$(cat "$directory/database_password.txt")"
secret database_url "postgres://bulk_notify:$password@postgres:5432/bulk_notify"
secret admin_database_password "$(random)"
password="$(cat "$directory/admin_database_password.txt")"
secret admin_database_url "postgres://bulk_notify_reader:$password@postgres:5432/bulk_notify"
secret webhook_secret_key "$(random)"
secret webhook_secret_key_previous '' '(while the key is being replaced: WEBHOOK_SECRET_KEY_PREVIOUS_FILE)'
secret supabase_jwt_secret '' '(for tokens by HS256: SUPABASE_JWT_SECRET_FILE)'
secret admin_api_token "$(random)"
secret external_api_admin_key '' '<- write the key of the external API here'
secret dev_api_keys '' '(instead of external_api_admin_key: DEV_API_KEYS_FILE)'
secret smtp_password "$(random)"
secret temporal_api_key '' '(for Temporal Cloud: TEMPORAL_API_KEY_FILE)'
