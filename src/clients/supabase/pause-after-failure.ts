/** After a failure, rejects with it immediately until the pause is over. */
export function pauseAfterFailure<A extends unknown[], R>(
  pauseMs: number,
  call: (...args: A) => Promise<R>,
): (...args: A) => Promise<R> {
  let failure: { error: unknown; untilMs: number } | undefined;
  return async function paused(...args) {
    if (failure && failure.untilMs > performance.now()) throw failure.error;
    try {
      const result = await call(...args);
      failure = undefined;
      return result;
    } catch (error) {
      failure = { error, untilMs: performance.now() + pauseMs };
      throw error;
    }
  };
}
