import type { Middleware } from 'koa';
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Logger } from '../telemetry/logger';
import { tokenInvalid, tokenMissing } from '../http/errors';
import { loggedPath } from '../http/logged-path';

/** Lets those pass who have the token, and tells nobody by its timing how nearly they had it. */
export function requireAdminToken(token: string, logger: Logger): Middleware {
  const expected = digest(token);
  return function adminAuth(ctx, next) {
    const [, given] = /^Bearer +(\S+) *$/i.exec(ctx.get('Authorization')) ?? [];
    if (!given) throw tokenMissing();
    if (!timingSafeEqual(digest(given), expected)) {
      logger.warn({ path: loggedPath(ctx.path) }, 'http.admin_token_invalid');
      throw tokenInvalid();
    }
    return next();
  };
}

/** Of one length, whatever was sent. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
