import type { Middleware } from 'koa';
import type { Counter } from 'prom-client';

/** Counts answers by their reason or refusal code; what is not a refusal ends as `unavailable`. */
export function countAnswers(counter: Counter<'answer'>): Middleware {
  return async function count(ctx, next) {
    try {
      await next();
      counter.inc({ answer: (ctx.body as { reason?: string }).reason ?? 'accepted' });
    } catch (err) {
      const { code, expose } = err as { code?: string; expose?: boolean };
      counter.inc({ answer: expose && code ? code : 'unavailable' });
      throw err;
    }
  };
}
