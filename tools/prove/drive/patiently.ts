import type { Clock } from './clock';

const PAUSE_MS = 1_000;

/** Tries again until it works: what is asked for is out of order now and then, by plan. */
export async function patiently<T>(clock: Clock, attempt: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await attempt();
    } catch {
      await clock.wait(PAUSE_MS);
    }
  }
}
