import type { Clock } from './clock';

const PAUSE_MS = 1_000;

/** Repeats an attempt until it succeeds: the parts it needs are down now and then. */
export async function retryUntilDone<T>(clock: Clock, attempt: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await attempt();
    } catch {
      await clock.wait(PAUSE_MS);
    }
  }
}
