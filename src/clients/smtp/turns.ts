/** Ends a turn; once. */
export type EndTurn = () => void;

export type Turns = ReturnType<typeof createTurns>;

/** Lets so many use the relay at the same time, first come, first served. */
export function createTurns(limit: () => number, turnTimeoutMs: number) {
  let taken = 0;
  const waiting = new Set<() => void>();

  function grant(): void {
    for (const start of waiting) {
      if (taken >= limit()) return;
      start();
    }
  }

  function begin(): EndTurn {
    taken += 1;
    let hasEnded = false;
    return () => {
      if (hasEnded) return;
      hasEnded = true;
      taken -= 1;
      grant();
    };
  }

  return {
    /** Undefined when `stop` aborts or the time is up before it is the caller's turn. */
    take(stop: AbortSignal): Promise<EndTurn | undefined> {
      if (stop.aborted) return Promise.resolve(undefined);
      return new Promise((resolve) => {
        const start = () => settle(begin());
        const giveUp = () => settle(undefined);
        const timer = setTimeout(giveUp, turnTimeoutMs);
        stop.addEventListener('abort', giveUp);
        waiting.add(start);
        function settle(turn: EndTurn | undefined): void {
          waiting.delete(start);
          clearTimeout(timer);
          stop.removeEventListener('abort', giveUp);
          resolve(turn);
        }
        grant();
      });
    },
    /** A connection that is ending counts at the relay until it has ended. */
    holdUntil(ended: Promise<unknown>): void {
      void ended.finally(begin());
    },
  };
}
