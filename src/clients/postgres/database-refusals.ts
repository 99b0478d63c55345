import { type DatabaseFault, faultOf } from './database-fault';

const RETRY_MS = 60_000;

interface Options {
  /** Milliseconds of a clock that never goes back. */
  now: () => number;
  onRefused: (code: string) => void;
  onAccepted: () => void;
  /** Makes the failure of a call; `retryMs` is the time until the next attempt after a refusal. */
  toFailure: (fault: DatabaseFault, retryMs: number) => Error;
}

/**
 * After a fault that only a person can repair, one call a minute of the process goes to the database;
 * all others fail at once with the same code.
 */
export function createRefusals({ now, onRefused, onAccepted, toFailure }: Options) {
  let refusal: { fault: DatabaseFault; retryAt: number } | undefined;

  async function guard<T>(call: () => Promise<T>): Promise<T> {
    const retried = refusal;
    if (retried) {
      if (now() < retried.retryAt) throw failure(retried.fault);
      retried.retryAt = now() + RETRY_MS;
    }
    try {
      const result = await call();
      if (retried) accept(retried);
      return result;
    } catch (err) {
      const fault = faultOf(err);
      if (fault.refused) refuse(fault, retried);
      else if (refusal === retried) refusal = undefined;
      throw failure(fault);
    }
  }

  function refuse(fault: DatabaseFault, retried: typeof refusal): void {
    // Another call of the same time has reported it.
    if (refusal !== retried) return;
    refusal = { fault, retryAt: now() + RETRY_MS };
    onRefused(fault.code);
  }

  function accept(retried: typeof refusal): void {
    if (refusal !== retried) return;
    refusal = undefined;
    onAccepted();
  }

  function failure(fault: DatabaseFault): Error {
    return toFailure(fault, Math.max((refusal?.retryAt ?? 0) - now(), 0));
  }

  return {
    guard,
    code: () => refusal?.fault.code,
    retryIsDue: () => !!refusal && now() >= refusal.retryAt,
  };
}
