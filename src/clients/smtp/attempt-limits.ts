import type { SmtpTimeouts } from './timeouts';

/** A connection, or the wait for one. */
export interface LimitedConnection {
  cut(reason: string): unknown;
  hasBegunMessage(): boolean;
}

export type AttemptLimits = ReturnType<typeof limitAttempt>;

/**
 * Ends an attempt early while that is safe, and in any case after the total timeout. They are plain
 * timers: when the process goes on after a long pause, they fire first, so that no final dot is sent late.
 */
export function limitAttempt(stop: AbortSignal, timeouts: SmtpTimeouts) {
  let connection: LimitedConnection | undefined;
  let reason: string | undefined;

  function end(because: string): void {
    reason ??= because;
    connection?.cut(because);
  }
  function endBeforeBody(because: string): void {
    if (!connection?.hasBegunMessage()) end(because);
  }
  const onStop = () => endBeforeBody('stopped before the message was sent');
  const timers = [
    setTimeout(() => endBeforeBody('no progress in time'), timeouts.beforeBodyMs),
    setTimeout(() => end('no final reply in time'), timeouts.totalMs),
  ];
  if (stop.aborted) onStop();
  stop.addEventListener('abort', onStop);

  return {
    /** The limits are those of the connection from now on. */
    applyTo(next: LimitedConnection): void {
      connection = next;
      if (reason !== undefined) next.cut(reason);
    },
    hasEnded: (): boolean => reason !== undefined,
    clear(): void {
      timers.forEach((timer) => clearTimeout(timer));
      stop.removeEventListener('abort', onStop);
    },
  };
}
