import { setMaxListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';

export type Clock = ReturnType<typeof startClock>;

/** The time since the run began, for all who have a plan; whoever waits for it is rejected at its end. */
export function startClock() {
  const began = Date.now();
  const over = new AbortController();
  // Everyone who waits listens to it.
  setMaxListeners(0, over.signal);
  const elapsed = () => Date.now() - began;
  const wait = (ms: number) => delay(Math.max(0, ms), undefined, { signal: over.signal });

  return {
    over: over.signal,
    elapsed,
    wait,
    /** As hours, minutes and seconds. */
    time: () => new Date(elapsed()).toISOString().slice(11, 19),
    until: (atMs: number) => wait(atMs - elapsed()),
    /** Until the end; one time is over before the next begins. */
    async repeat(ms: number, act: () => unknown): Promise<void> {
      while (!over.signal.aborted) {
        await act();
        await wait(ms).catch(() => undefined);
      }
    },
    /** Begins each at its time; resolves when all of them are done. */
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
