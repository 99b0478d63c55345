const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** As long as a timer can wait. */
const FOR_EVER_MS = 2 ** 31 - 1;

/**
 * The first signal asks to stop in good order, a second one ends the process at once. Until then
 * the process stays, also when it only waits.
 */
export function untilStopped(): { signal: AbortSignal; stopped: Promise<void> } {
  const controller = new AbortController();
  const { signal } = controller;
  const waiting = setInterval(() => undefined, FOR_EVER_MS);
  for (const name of SIGNALS) {
    process.on(name, () => {
      if (signal.aborted) process.exit(130);
      controller.abort();
    });
  }
  const stopped = new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => {
      clearInterval(waiting);
      resolve();
    });
  });
  return { signal, stopped };
}
