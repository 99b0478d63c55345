import type { Router, RouterContext } from '@koa/router';
import { createRouter } from '../../http/router';
import { loggedPath } from '../../http/logged-path';
import type { Logger } from '../../telemetry/logger';
import { requireAdminToken } from '../require-admin-token';
import type { Endpoint, Operator } from './endpoint';
import { ENDPOINTS } from './endpoints';
import { parseInput } from './parse-input';

export interface AdminApiDependencies {
  operator: Operator;
  adminToken: string;
  logger: Logger;
}

/** The admin API: the token is checked before anything else, then the input by its schemas. */
export function createAdminApi({ operator, adminToken, logger }: AdminApiDependencies): Router {
  const router = createRouter();
  const authenticate = requireAdminToken(adminToken, logger);
  for (const endpoint of ENDPOINTS) {
    const { method, path, operationId, status } = endpoint;
    router[method](operationId, toKoaPath(path), authenticate, async (ctx) => {
      ctx.set('Cache-Control', 'no-store');
      const input = await parseInput(endpoint, ctx);
      const answer = await endpoint.run(input, operator);
      logUse(logger, endpoint, ctx, input);
      ctx.status = status;
      ctx.body = answer;
    });
  }
  return router;
}

/** `{event_id}` of OpenAPI is `:event_id` of the router. */
const toKoaPath = (path: string) => path.replace(/\{(\w+)\}/g, ':$1');

/** A change or a reveal of addresses is logged, without text of the request. */
function logUse(
  logger: Logger,
  { method, operationId }: Endpoint,
  { path }: RouterContext,
  { query, body }: { query?: unknown; body?: unknown },
): void {
  const isRevealed = [query, body].some(
    (part) => (part as { reveal?: boolean } | undefined)?.reveal === true,
  );
  if (method === 'get' && !isRevealed) return;
  const facts = { operation: operationId, path: loggedPath(path), revealed: isRevealed };
  logger.info(facts, 'admin.requested');
}
