import { z } from 'zod';
import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { json } from './answers';

const sentences = z.array(z.string()).optional();
const readiness = z.object({
  status: z.enum(['ready', 'not ready']),
  checks: sentences.meta({ description: 'Why the process is not ready' }),
  warnings: sentences.meta({ description: 'What a person should repair although it is' }),
});
const tags = ['operations'];

/** Health, metrics and this document. */
export const opsPaths: ZodOpenApiPathsObject = {
  '/healthz': {
    get: {
      ...{ operationId: 'health', summary: 'Whether the process runs', tags },
      responses: { 200: json(z.object({ status: z.literal('ok') }), 'It runs') },
    },
  },
  '/readyz': {
    get: {
      ...{ operationId: 'readiness', summary: 'Whether the process can do its work now', tags },
      responses: { 200: json(readiness, 'Ready'), 503: json(readiness, 'Not ready') },
    },
  },
  '/metrics': {
    get: {
      ...{ operationId: 'metrics', summary: 'Metrics for Prometheus', tags },
      responses: {
        200: { description: 'OK', content: { 'text/plain': { schema: z.string() } } },
      },
    },
  },
  '/openapi.json': {
    get: {
      ...{ operationId: 'openapi', summary: 'This document', tags },
      responses: { 200: json(z.looseObject({ openapi: z.string() }), 'OpenAPI 3.1') },
    },
  },
};
