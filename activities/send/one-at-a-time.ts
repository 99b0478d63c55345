/**
 * Attempts of this process for the same notification follow each other. Temporal gives up the attempt
 * of a worker that stood still, and may begin the next one in the same worker just as it goes on: the
 * ledger could only take the first one for lost.
 */
export function createOneAtATime() {
  const underWay = new Map<string, Promise<unknown>>();

  /** Undefined when `stop` aborts before the attempt under way has ended: then this one has not begun. */
  return async function oneAtATime<T>(
    eventId: string,
    stop: AbortSignal,
    attempt: () => Promise<T>,
  ): Promise<T | undefined> {
    while (underWay.has(eventId)) {
      if (stop.aborted) return undefined;
      await Promise.race([underWay.get(eventId), aborted(stop)]);
    }
    const ended = attempt().finally(() => underWay.delete(eventId));
    underWay.set(
      eventId,
      ended.catch(() => undefined),
    );
    return ended;
  };
}

function aborted(stop: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    stop.addEventListener('abort', () => resolve(), { once: true });
  });
}
