/** After a failure, rejects with it at once until the pause is over. */
export function pauseAfterFailure<A extends unknown[], R>(
  pauseMs: number,
  call: (...args: A) => Promise<R>,
): (...args: A) => Promise<R> {
  let failure: { error: unknown; until: number } | undefined;
  return async function paused(...args) {
    if (failure && failure.until > performance.now()) throw failure.error;
    try {
      const result = await call(...args);
      failure = undefined;
      return result;
    } catch (error) {
      failure = { error, until: performance.now() + pauseMs };
      throw error;
    }
  };
}
