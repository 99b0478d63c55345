export interface Request {
  id: number;
  call: string;
  argument: unknown;
}

export type Answer = { id: number; result: unknown } | { id: number; failed: string };

/** Each takes one argument, which has to survive being sent between processes. */
export type Calls = Record<string, (argument: never) => unknown>;

/** Makes this process a part of the benchmark: it answers calls, and ends with who started it. */
export function servePart(calls: Calls): void {
  process.on('disconnect', () => process.exit());
  // Ctrl-C is for the benchmark, which ends its parts by its own end.
  process.on('SIGINT', () => undefined);
  process.on('message', ({ id, call, argument }: Request) => {
    Promise.resolve()
      .then(() => calls[call]?.(argument as never))
      .then(
        (result) => send({ id, result }),
        (err: unknown) => send({ id, failed: String((err as Error).stack) }),
      );
  });
}

/** Tells the benchmark something that it did not ask for. */
export function tell(event: unknown): void {
  process.send?.({ event });
}

function send(answer: Answer): void {
  if (process.connected) process.send?.(answer);
}
