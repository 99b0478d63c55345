import type { Context, Middleware } from 'koa';
import type { Logger } from '../telemetry/logger';
import { methodNotAllowed, notFound, toRefusal } from './errors';
import { loggedPath } from './logged-path';

/** Renders every refusal as `{detail, code}` and its own fields; any other error becomes a 503. */
export function createErrorHandler({ logger }: { logger: Logger }): Middleware {
  return async function errorHandler(ctx, next) {
    try {
      if (!hasPath(ctx)) throw notFound();
      await next();
      if (ctx.status === 404 && !ctx.body) throw notFound();
      // The router answers 501 to a method that no route has.
      if ([405, 501].includes(ctx.status) && !ctx.body) throw methodNotAllowed();
    } catch (err) {
      const refusal = toRefusal(err);
      if (refusal !== err) logger.error({ err, path: loggedPath(ctx.path) }, 'http.failed');
      ctx.status = refusal.status;
      ctx.set(refusal.headers ?? {});
      ctx.body = { detail: refusal.message, code: refusal.code, ...refusal.fields };
    }
  };
}

/** Koa's getter throws when the request target is not a URL, such as `http://[`. */
function hasPath(ctx: Context): boolean {
  try {
    return ctx.path !== '';
  } catch {
    return false;
  }
}
