import { setTimeout as delay } from 'node:timers/promises';

interface UntilOptions {
  timeoutMs?: number;
  intervalMs?: number;
}

/**
 * Polls until `holds` returns true. Rejects with `what` after the timeout, which is half of a test's:
 * what hangs is named.
 */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  { timeoutMs = 60_000, intervalMs = 25 }: UntilOptions = {},
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`timed out after ${timeoutMs} ms: ${what}`);
    await delay(intervalMs);
  }
}
