import type { Router } from '@koa/router';
import { createRouter } from '../http/router';

/** The description of every route, which is no secret. */
export function createOpenApiRouter(document: object): Router {
  const json = JSON.stringify(document);
  return createRouter().get('/openapi.json', (ctx) => {
    ctx.type = 'json';
    ctx.body = json;
  });
}
