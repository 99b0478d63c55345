import { setMaxListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';

export type Clock = ReturnType<typeof startClock>;

/** Time since the run began. Everything that waits for it is rejected at the end. */
export function startClock() {
  const began = Date.now();
  const over = new AbortController();
  // Each wait adds a listener.
  setMaxListeners(0, over.signal);
  const elapsed = () => Date.now() - began;
  const wait = (ms: number) => delay(Math.max(0, ms), undefined, { signal: over.signal });

  return {
    over: over.signal,
    elapsed,
    wait,
    /** hh:mm:ss */
    time: () => new Date(elapsed()).toISOString().slice(11, 19),
    until: (atMs: number) => wait(atMs - elapsed()),
    /** Calls `act` until the end, with `ms` between two calls. */
    async repeat(ms: number, act: () => unknown): Promise<void> {
      while (!over.signal.aborted) {
        await act();
        await wait(ms).catch(() => undefined);
      }
    },
    /** Begins each entry at its time; resolves when all are done. */
    async play<T extends { atMs: number }>(planned: T[], begin: (entry: T) => Promise<unknown>) {
      const begun: Promise<unknown>[] = [];
      for (const entry of [...planned].sort((a, b) => a.atMs - b.atMs)) {
        await wait(entry.atMs - elapsed());
        begun.push(begin(entry));
      }
      await Promise.all(begun);
    },
    end: () => over.abort(),
  };
}
