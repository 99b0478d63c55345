import type { SupabaseTimes } from './auth';

/** After a failure, rejects with it immediately until the pause is over. */
export function pauseAfterFailure<A extends unknown[], R>(
  { pauseMs, now }: Pick<SupabaseTimes, 'pauseMs' | 'now'>,
  call: (...args: A) => Promise<R>,
): (...args: A) => Promise<R> {
  let failure: { error: unknown; untilMs: number } | undefined;
  return async function paused(...args) {
    if (failure && failure.untilMs > now()) throw failure.error;
    try {
      const result = await call(...args);
      failure = undefined;
      return result;
    } catch (error) {
      failure = { error, untilMs: now() + pauseMs };
      throw error;
    }
  };
}
