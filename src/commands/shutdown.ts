const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/** Aborts on the first SIGTERM or SIGINT; `signal.reason` is its name. */
export function untilShutdown(): AbortSignal {
  const controller = new AbortController();
  for (const name of SIGNALS) process.once(name, () => controller.abort(name));
  return controller.signal;
}
