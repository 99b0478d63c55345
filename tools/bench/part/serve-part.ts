export interface Request {
  id: number;
  call: string;
  argument: unknown;
}

export type Answer = { id: number; result: unknown } | { id: number; failed: string };

/** Each call takes one argument, which must be serializable. */
export type Calls = Record<string, (argument: never) => unknown>;

/** Makes this process a part of the benchmark: it answers calls and ends with its parent. */
export function servePart(calls: Calls): void {
  process.on('disconnect', () => process.exit());
  // Ctrl-C ends the benchmark, and its parts with it.
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

/** Sends an event to the benchmark. */
export function emit(event: unknown): void {
  process.send?.({ event });
}

function send(answer: Answer): void {
  if (process.connected) process.send?.(answer);
}
