import type { Middleware } from 'koa';
import { tokenInvalid, tokenMissing, tooManyTokens } from '../auth/errors';
import { loggedPath } from '../http/logged-path';
import type { Logger } from '../telemetry/logger';
import { createTokenAdmission } from './token-admission';

/** Requires the admin token as a bearer token; compares it in constant time. */
export function requireAdminToken(
  token: string,
  logger: Logger,
  now = () => new Date(),
): Middleware {
  const admit = createTokenAdmission(token, now);
  return function adminAuth(ctx, next) {
    const [, given] = /^Bearer +(\S+) *$/i.exec(ctx.get('Authorization')) ?? [];
    if (!given) throw tokenMissing();
    const admission = admit(ctx, given);
    if (admission.admitted) return next();
    if ('retryAfterSeconds' in admission) throw tooManyTokens(admission.retryAfterSeconds);
    // Once per client and window, so that guesses do not fill the log.
    if (admission.isFirstFailure) {
      logger.warn({ path: loggedPath(ctx.path) }, 'http.admin_token_invalid');
    }
    throw tokenInvalid();
  };
}
