import type { Middleware } from 'koa';
import { tokenInvalid, tokenMissing, tooManyTokens } from '../auth/errors';
import { loggedPath } from '../http/logged-path';
import type { Logger } from '../telemetry/logger';
import { createTokenAttempts } from './token-attempts';
import { createTokenCheck } from './token-check';

/**
 * Requires the admin token as a bearer token; compares it in constant time. A client that has guessed
 * too often waits, even with the right token, or its guesses would go on. Each router counts for
 * itself, so that guesses on the public listener lock nobody out of the admin listener.
 */
export function requireAdminToken(
  token: string,
  logger: Logger,
  now = () => new Date(),
): Middleware {
  const isAdminToken = createTokenCheck(token);
  const attempts = createTokenAttempts(now);
  return function adminAuth(ctx, next) {
    const [, given] = /^Bearer +(\S+) *$/i.exec(ctx.get('Authorization')) ?? [];
    if (!given) throw tokenMissing();
    const client = ctx.req.socket.remoteAddress ?? '';
    const seconds = attempts.secondsToWait(client);
    if (seconds > 0) throw tooManyTokens(seconds);
    if (!isAdminToken(given)) {
      const isFirst = attempts.failed(client, given);
      // Once per client and window, so that guesses do not fill the log.
      if (isFirst) logger.warn({ path: loggedPath(ctx.path) }, 'http.admin_token_invalid');
      throw tokenInvalid();
    }
    return next();
  };
}
