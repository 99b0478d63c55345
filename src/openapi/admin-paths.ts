import type { z } from 'zod';
import type { ZodOpenApiOperationObject, ZodOpenApiPathsObject } from 'zod-openapi';
import type { Endpoint } from '../admin/api/endpoint';
import { ENDPOINTS } from '../admin/api/endpoints';
import { adminToken, json, refusals, TOKEN_CODES, UNAVAILABLE } from './answers';

/** The admin API, from the schemas that check its requests. */
export function adminPaths(): ZodOpenApiPathsObject {
  const paths: ZodOpenApiPathsObject = {};
  for (const endpoint of ENDPOINTS) {
    paths[endpoint.path] = { ...paths[endpoint.path], [endpoint.method]: operationOf(endpoint) };
  }
  return paths;
}

function operationOf(endpoint: Endpoint): ZodOpenApiOperationObject {
  const { operationId, summary, params, query, body, status, answer, links } = endpoint;
  return {
    ...{ operationId, summary, tags: ['admin'], security: adminToken },
    requestParams: { ...(params && { path: params }), ...(query && { query }) },
    ...(body && { requestBody: bodyOf(body) }),
    responses: {
      [status]: json(answer, status === 202 ? 'Accepted: the work goes on' : 'OK', links),
      ...refusals(codesOf(endpoint)),
    },
  };
}

/** An empty body counts as `{}`, so that it is required where that does not do. */
function bodyOf(schema: z.ZodType) {
  const required = !schema.safeParse({}).success;
  return { required, content: { 'application/json': { schema } } };
}

function codesOf({
  params,
  query,
  body,
  refusals: own,
}: Endpoint): Partial<Record<number, string[]>> {
  const isRead = params ?? query ?? body;
  return {
    ...(isRead && { 400: ['invalid_request'] }),
    ...TOKEN_CODES,
    ...own,
    ...(body && {
      408: ['client_too_slow'],
      413: ['payload_too_large'],
      415: ['json_expected', 'encoding_not_supported'],
    }),
    ...UNAVAILABLE,
  };
}
