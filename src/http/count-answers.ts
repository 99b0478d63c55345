import type { Middleware } from 'koa';
import type { Counter } from 'prom-client';
import { toRefusal } from './errors';

/** Counts answers by reason or refusal code. */
export function countAnswers(counter: Counter<'answer'>): Middleware {
  return async function count(ctx, next) {
    try {
      await next();
      const { reason, code } = ctx.body as { reason?: string; code?: string };
      const accepted = ctx.status === 207 ? 'partly_accepted' : 'accepted';
      counter.inc({ answer: reason ?? code ?? accepted });
    } catch (err) {
      counter.inc({ answer: toRefusal(err).code });
      throw err;
    }
  };
}
