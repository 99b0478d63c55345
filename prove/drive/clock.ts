import { setMaxListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';

export type Clock = ReturnType<typeof startClock>;

/** The time since the run began, for all who have a plan. Everything rejects when `stop` aborts. */
export function startClock(stop: AbortSignal) {
  // Whoever waits listens to it.
  setMaxListeners(0, stop);
  const began = Date.now();
  const elapsed = () => Date.now() - began;
  const wait = (ms: number) => delay(Math.max(0, ms), undefined, { signal: stop });

  return {
    began,
    elapsed,
    wait,
    until: (atMs: number) => wait(atMs - elapsed()),
    /** Begins each at its time; resolves when all of them are done. */
    async play<T extends { atMs: number }>(planned: T[], begin: (entry: T) => Promise<unknown>) {
      const begun: Promise<unknown>[] = [];
      for (const entry of [...planned].sort((a, b) => a.atMs - b.atMs)) {
        await wait(entry.atMs - elapsed());
        begun.push(begin(entry));
      }
      await Promise.all(begun);
    },
  };
}
