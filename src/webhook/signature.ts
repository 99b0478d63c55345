import { createHmac, timingSafeEqual } from 'node:crypto';

const HEADER = /^sha256=([0-9a-f]{64})$/;

/** Whether a header could hold a signature at all, which is known before the body is read. */
export function isSignature(header: string): boolean {
  return HEADER.test(header.trim());
}

/**
 * Which of the secrets signed these bytes: the index of the first that matches, or -1. The header is
 * `sha256=` and the lower-case hex HMAC-SHA256 of the raw body (BoltRoute, webhooks). All secrets
 * are tried, whichever matches, so that the time tells nothing.
 */
export function matchingSecret(body: Buffer, header: string, secrets: readonly string[]): number {
  const [, hex] = HEADER.exec(header.trim()) ?? [];
  if (!hex) return -1;
  const given = Buffer.from(hex, 'hex');
  const matches = secrets.map((secret) =>
    timingSafeEqual(createHmac('sha256', secret).update(body).digest(), given),
  );
  return matches.indexOf(true);
}
