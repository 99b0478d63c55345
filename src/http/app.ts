import type Router from '@koa/router';
import Koa from 'koa';
import type { Logger } from '../telemetry/logger';
import { createErrorHandler } from './error-handler';

/** The HTTP application, without listening. */
export function createApp({ logger, routers }: { logger: Logger; routers: Router[] }): Koa {
  const app = new Koa();
  app.silent = true;
  app.use(createErrorHandler({ logger }));
  for (const router of routers) app.use(router.routes()).use(router.allowedMethods());
  return app;
}
