import type { Router } from '@koa/router';
import type { Registry } from 'prom-client';
import { type Probe, probeAll } from './readiness';
import { createRouter } from './router';

export interface OpsDependencies {
  probes: readonly Probe[];
  /** Without it there is no `/metrics`. */
  registry?: Registry;
}

/** `/healthz`: the process runs. `/readyz`: it can do its work now. `/metrics`: for Prometheus. */
export function createOpsRouter({ probes, registry }: OpsDependencies): Router {
  const router = createRouter()
    .get('/healthz', (ctx) => {
      ctx.body = { status: 'ok' };
    })
    .get('/readyz', async (ctx) => {
      const { ready, checks, warnings } = await probeAll(probes);
      ctx.status = ready ? 200 : 503;
      ctx.body = {
        status: ready ? 'ready' : 'not ready',
        ...(checks?.length && { checks }),
        ...(warnings?.length && { warnings }),
      };
    });
  if (!registry) return router;
  return router.get('/metrics', async (ctx) => {
    ctx.type = registry.contentType;
    ctx.body = await registry.metrics();
  });
}
