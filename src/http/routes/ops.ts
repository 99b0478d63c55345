import Router from '@koa/router';
import type { Registry } from 'prom-client';
import { STRICT } from '../strict';

export interface OpsDependencies {
  /** Whether what the process depends on can be reached now. */
  isReady: () => Promise<boolean>;
  registry: Registry;
}

/** `/healthz`: the process is alive. `/readyz`: it can do its work now. `/metrics`: Prometheus. */
export function createOpsRouter({ isReady, registry }: OpsDependencies): Router {
  return new Router(STRICT)
    .get('/healthz', (ctx) => {
      ctx.body = { status: 'ok' };
    })
    .get('/readyz', async (ctx) => {
      const ready = await isReady();
      ctx.status = ready ? 200 : 503;
      ctx.body = { status: ready ? 'ready' : 'not ready' };
    })
    .get('/metrics', async (ctx) => {
      ctx.type = registry.contentType;
      ctx.body = await registry.metrics();
    });
}
