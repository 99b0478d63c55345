const WAIT_MAX_SECONDS = 30;

/** Seconds of `Prefer: wait=N` (RFC 7240 §4.3), 30 at most; undefined without that preference. */
export function preferredWaitSeconds(prefer: string): number | undefined {
  for (const preference of prefer.split(',')) {
    const [, seconds] = /^\s*wait\s*=\s*"?(\d+)"?\s*(?:;|$)/i.exec(preference) ?? [];
    if (seconds) return Math.min(Number(seconds), WAIT_MAX_SECONDS);
  }
  return undefined;
}
