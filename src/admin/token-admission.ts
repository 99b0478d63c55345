import type { Context } from 'koa';
import { createTokenAttempts } from './token-attempts';
import { createTokenCheck } from './token-check';

/** `isFirstFailure`: of the client's window. `retryAfterSeconds`: too many tokens were wrong. */
type Admission =
  | { admitted: true }
  | { admitted: false; isFirstFailure: boolean }
  | { admitted: false; retryAfterSeconds: number };

/**
 * Returns a function that judges the token of a request. A client that has guessed too often waits,
 * even with the right token, or its guesses would go on. Each caller counts for itself, so that
 * guesses on the public listener do not lock the admin listener.
 */
export function createTokenAdmission(adminToken: string, now: () => Date) {
  const isAdminToken = createTokenCheck(adminToken);
  const attempts = createTokenAttempts(now);
  return function admit(ctx: Context, given: string): Admission {
    const client = ctx.req.socket.remoteAddress ?? '';
    const retryAfterSeconds = attempts.secondsToWait(client);
    if (retryAfterSeconds > 0) return { admitted: false, retryAfterSeconds };
    if (isAdminToken(given)) return { admitted: true };
    return { admitted: false, isFirstFailure: attempts.failed(client, given) };
  };
}
