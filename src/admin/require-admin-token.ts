import type { Middleware } from 'koa';
import { createHash, timingSafeEqual } from 'node:crypto';
import { tokenInvalid, tokenMissing } from '../auth/errors';
import { loggedPath } from '../http/logged-path';
import type { Logger } from '../telemetry/logger';

/** Requires the admin token as a bearer token; compares it in constant time. */
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

/** Digests have the same length, as the comparison requires. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
