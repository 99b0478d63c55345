# python3 signature.py < body.json               prints the signature header of the body
# python3 signature.py SIGNATURE < body.json     exits with 0 if the signature is the body's, else 1
# Needs WEBHOOK_SECRET_KEY.
import hashlib
import hmac
import os
import sys


def sign(body: bytes, key: str) -> str:
    return "sha256=" + hmac.new(key.encode(), body, hashlib.sha256).hexdigest()


def verify(body: bytes, key: str, signature: str) -> bool:
    return hmac.compare_digest(sign(body, key).encode(), signature.encode())


if __name__ == "__main__":
    key = os.environ["WEBHOOK_SECRET_KEY"]
    # The bytes as they came: a body that was parsed and written again is another one.
    body = sys.stdin.buffer.read()
    if len(sys.argv) == 1:
        print(sign(body, key))
    else:
        sys.exit(0 if verify(body, key, sys.argv[1]) else 1)
