import Router from '@koa/router';

/** Paths match exactly: a proxy's rule for `/metrics` cannot be bypassed with `/METRICS/`. */
export function createRouter(): Router {
  return new Router({ sensitive: true, strict: true });
}
