import type { Middleware } from 'koa';
import { tokenInvalid, tokenMissing } from '../auth/errors';
import { loggedPath } from '../http/logged-path';
import type { Logger } from '../telemetry/logger';
import { createTokenCheck } from './token-check';

/** Requires the admin token as a bearer token; compares it in constant time. */
export function requireAdminToken(token: string, logger: Logger): Middleware {
  const isAdminToken = createTokenCheck(token);
  return function adminAuth(ctx, next) {
    const [, given] = /^Bearer +(\S+) *$/i.exec(ctx.get('Authorization')) ?? [];
    if (!given) throw tokenMissing();
    if (!isAdminToken(given)) {
      logger.warn({ path: loggedPath(ctx.path) }, 'http.admin_token_invalid');
      throw tokenInvalid();
    }
    return next();
  };
}
