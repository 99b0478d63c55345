/**
 * Gives `work` a signal that is aborted with `stop`, or with a TimeoutError after so many
 * milliseconds. Not by AbortSignal.any and .timeout: Node 20 may collect a time limit that only the
 * combined signal knows, which then never ends, and keeps a combined one while it has a listener.
 */
export async function withTimeLimit<T>(
  ms: number,
  stop: AbortSignal,
  work: (stop: AbortSignal) => Promise<T>,
): Promise<T> {
  const limit = new AbortController();
  const onStop = () => limit.abort(stop.reason);
  const timer = setTimeout(() => limit.abort(new DOMException('out of time', 'TimeoutError')), ms);
  stop.addEventListener('abort', onStop);
  if (stop.aborted) onStop();
  try {
    return await work(limit.signal);
  } finally {
    clearTimeout(timer);
    stop.removeEventListener('abort', onStop);
  }
}
