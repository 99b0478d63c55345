const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** The first signal asks to stop in good order, a second one ends the process at once. */
export function untilStopped(): { signal: AbortSignal; stopped: Promise<void> } {
  const controller = new AbortController();
  const { signal } = controller;
  for (const name of SIGNALS) {
    process.on(name, () => {
      if (signal.aborted) process.exit(130);
      controller.abort();
    });
  }
  const stopped = new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve());
  });
  return { signal, stopped };
}
