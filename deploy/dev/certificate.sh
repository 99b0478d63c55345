#!/bin/sh
# certificate.sh NAME DIRECTORY: a key and a self-signed certificate for the relay of that name.
set -eu

name="$1"
key="$2/$name.key"
certificate="$2/$name.pem"

if openssl x509 -in "$certificate" -noout -checkend 604800 >/dev/null 2>&1; then
  echo "$certificate is good for another week"
  exit 0
fi
umask 077
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 365 \
  -subj "/CN=$name" -addext "subjectAltName=DNS:$name" -keyout "$key" -out "$certificate"
chmod 644 "$certificate"
