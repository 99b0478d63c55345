import { cancellationSignal } from '@temporalio/activity';
import { transient } from '../failures/transient';

export type LocalSends = ReturnType<typeof createLocalSends>;

/**
 * Attempts inside a workflow task, which they keep: a relay that hangs must leave room for other tasks.
 * The SDK does not cancel these when the worker shuts down.
 */
export function createLocalSends(sendsMax: number, shutdown: AbortSignal) {
  const underWay = new Set<AbortController>();
  shutdown.addEventListener('abort', () => underWay.forEach((attempt) => attempt.abort()));

  return async function sendLocally<T>(send: (stop: AbortSignal) => Promise<T>): Promise<T> {
    if (underWay.size >= sendsMax) {
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
