const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/**
 * Aborts on the first SIGTERM or SIGINT, which no longer ends the process; `signal.reason` is its name.
 * Only for what ends in order then: every other command is ended by the signal itself.
 */
export function untilShutdown(): AbortSignal {
  const controller = new AbortController();
  for (const name of SIGNALS) process.once(name, () => controller.abort(name));
  return controller.signal;
}
