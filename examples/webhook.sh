#!/bin/sh
# webhook.sh BODY_FILE: signs a webhook as BoltRoute does and posts it.
# Needs WEBHOOK_SECRET_KEY, and PUBLIC_BASE_URL (where the API answers).
set -eu

# The signature is for the bytes of the body: post exactly these.
signature=$(openssl dgst -sha256 -hmac "$WEBHOOK_SECRET_KEY" "$1" | sed 's/^.*= *//')

curl --silent --show-error --fail-with-body \
  --header 'Content-Type: application/json' \
  --header "X-Webhook-Signature: sha256=$signature" \
  --data-binary "@$1" \
  "$PUBLIC_BASE_URL/api/tasks/webhooks/bulk-upload"
