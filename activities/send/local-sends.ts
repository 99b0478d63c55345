import { cancellationSignal } from '@temporalio/activity';
import { transient } from '../failures/transient';

/** A local attempt keeps its workflow task: a relay that hangs must leave room for other tasks. */
const LOCAL_SENDS_MAX = 20;

export type LocalSends = ReturnType<typeof createLocalSends>;

/** Attempts inside a workflow task. The SDK does not cancel these when the worker shuts down. */
export function createLocalSends(shutdown: AbortSignal) {
  const underWay = new Set<AbortController>();
  shutdown.addEventListener('abort', () => underWay.forEach((attempt) => attempt.abort()));

  return async function sendLocally<T>(send: (stop: AbortSignal) => Promise<T>): Promise<T> {
    if (underWay.size >= LOCAL_SENDS_MAX) {
      throw transient('RelaySlow', 'too many mails are on their way to the relay', {
        part: 'relay',
      });
    }
    const attempt = new AbortController();
    underWay.add(attempt);
    const cancelled = cancellationSignal();
    cancelled.addEventListener('abort', () => attempt.abort());
    if (cancelled.aborted || shutdown.aborted) attempt.abort();
    return send(attempt.signal).finally(() => underWay.delete(attempt));
  };
}
