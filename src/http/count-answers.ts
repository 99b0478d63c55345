import type { Middleware } from 'koa';
import type { Counter } from 'prom-client';
import { toRefusal } from './errors';

/** Counts answers by their reason or refusal code. */
export function countAnswers(counter: Counter<'answer'>): Middleware {
  return async function count(ctx, next) {
    try {
      await next();
      counter.inc({ answer: (ctx.body as { reason?: string }).reason ?? 'accepted' });
    } catch (err) {
      counter.inc({ answer: toRefusal(err).code });
      throw err;
    }
  };
}
