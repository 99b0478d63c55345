import { heartbeat, sleep } from '@temporalio/activity';

/** How soon a cancellation is noticed. */
const HEARTBEAT_INTERVAL_MS = 1_000;

/**
 * Keeps a rate: each turn comes an interval after the one before it, and the first one an interval
 * after the start, so that the rate holds across pages too. Time that was lost is not caught up.
 */
export function createPace(ratePerSecond: number) {
  const intervalMs = 1_000 / ratePerSecond;
  let nextAt = performance.now() + intervalMs;

  /** Rejects when the activity is cancelled. `progress` is what the pending activity shows. */
  return async function turn(progress: unknown): Promise<void> {
    heartbeat(progress);
    for (;;) {
      const waitMs = nextAt - performance.now();
      if (waitMs <= 0) break;
      await sleep(Math.min(waitMs, HEARTBEAT_INTERVAL_MS));
      heartbeat(progress);
    }
    nextAt = Math.max(nextAt, performance.now()) + intervalMs;
  };
}
