#!/bin/sh
# upload.sh FILE [COLUMN]: uploads a file as the user whose Supabase token is in TOKEN. COLUMN is the
# one with the addresses (a letter, or a number from 1); a .txt file has none.
# Needs TOKEN, and PUBLIC_BASE_URL (where the API answers). The file's name may hold no quotation mark.
set -eu

name=$(basename "$1")
if [ $# -gt 1 ]; then
  metadata="[{\"file_name\":\"$name\",\"email_column\":\"$2\"}]"
else
  metadata="[{\"file_name\":\"$name\"}]"
fi

curl --silent --show-error --fail-with-body \
  --header "Authorization: Bearer $TOKEN" \
  --form-string "file_metadata=$metadata" \
  --form "files=@\"$1\"" \
  "$PUBLIC_BASE_URL/api/tasks/upload"
