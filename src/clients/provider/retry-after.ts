const RETRY_AFTER_MAX_MS = 60 * 60 * 1_000;

/** Parses Retry-After, in seconds or as a date (RFC 9110 §10.2.3). Returns one hour at most. */
export function retryAfterMs(header: string | undefined, now = Date.now()): number | undefined {
  if (!header) return undefined;
  const seconds = /^\s*\d+\s*$/.test(header) ? Number(header) : (Date.parse(header) - now) / 1_000;
  return Number.isFinite(seconds) && seconds > 0
    ? Math.min(seconds * 1_000, RETRY_AFTER_MAX_MS)
    : undefined;
}
