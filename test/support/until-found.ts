import { until } from '../../tools/sandbox/until';

/** Asks until there is an answer, and returns it. Rejects with `what` after the timeout. */
export async function untilFound<T>(what: string, ask: () => Promise<T | undefined>): Promise<T> {
  let found: T | undefined;
  const isFound = async () => (found = await ask()) !== undefined;
  await until(what, isFound, { intervalMs: 100 });
  return found as T;
}
