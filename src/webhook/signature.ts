import { createHmac, timingSafeEqual } from 'node:crypto';

const HEADER = /^sha256=([0-9a-f]{64})$/;

/** Whether the header could be a signature of any body. */
export function isSignature(header: string): boolean {
  return HEADER.test(header.trim());
}

/** The header for a body. */
export function signatureOf(body: Buffer, secret: string): string {
  return `sha256=${digest(body, secret).toString('hex')}`;
}

/**
 * Returns the index of the first secret that signed the body, or -1. The header is `sha256=` and the
 * HMAC-SHA256 of the raw body in lower-case hex. Tries every secret, so that the time taken does not
 * depend on which one matches.
 */
export function matchingSecret(body: Buffer, header: string, secrets: readonly string[]): number {
  const [, hex] = HEADER.exec(header.trim()) ?? [];
  if (!hex) return -1;
  const given = Buffer.from(hex, 'hex');
  const matches = secrets.map((secret) => timingSafeEqual(digest(body, secret), given));
  return matches.indexOf(true);
}

function digest(body: Buffer, secret: string): Buffer {
  return createHmac('sha256', secret).update(body).digest();
}
