const TICKS = 10;

/**
 * Calls back after the process has run for `ms`; the result cancels it. After a stall, Node runs the
 * timers that are due before it reads the sockets: a single one would take a reply that has arrived for
 * silence. Here a stall counts as one tick, however long it is, and what has arrived is read first.
 */
export function afterRunning(ms: number, callback: () => void): () => void {
  let left = TICKS;
  const timer = setInterval(() => setImmediate(tick), ms / TICKS);

  function tick(): void {
    left -= 1;
    if (left !== 0) return;
    clearInterval(timer);
    callback();
  }

  return () => {
    clearInterval(timer);
    left = 0;
  };
}
