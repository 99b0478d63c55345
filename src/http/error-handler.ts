import type { Middleware } from 'koa';
import type { Logger } from '../logger';
import { methodNotAllowed, notFound, toRefusal } from './errors';

/** Renders every refusal in one shape, `{detail, code}`; what is not a refusal becomes a 503. */
export function createErrorHandler({ logger }: { logger: Logger }): Middleware {
  return async function errorHandler(ctx, next) {
    try {
      await next();
      if (ctx.status === 404 && !ctx.body) throw notFound();
      if (ctx.status === 405 && !ctx.body) throw methodNotAllowed();
    } catch (err) {
      const refusal = toRefusal(err);
      if (refusal !== err) logger.error({ err, path: ctx.path }, 'http.failed');
      ctx.status = refusal.status;
      ctx.set(refusal.headers ?? {});
      ctx.body = { detail: refusal.message, code: refusal.code };
    }
  };
}
