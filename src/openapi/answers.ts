import { z } from 'zod';
import type {
  ZodOpenApiLinksObject,
  ZodOpenApiResponseObject,
  ZodOpenApiResponsesObject,
} from 'zod-openapi';
import type { Links } from '../admin/api/links';

const refusal = z
  .object({
    detail: z.string().meta({ description: 'For people' }),
    code: z.string().optional().meta({ description: 'For programs; stable' }),
    request_id: z.string().optional().meta({
      description: 'Of a resend that may have been taken: repeated with it, it stays one resend',
    }),
  })
  .meta({ id: 'Refusal' });

export function json(
  schema: z.ZodType,
  description: string,
  links?: Links,
): ZodOpenApiResponseObject {
  const content = { 'application/json': { schema } };
  return { description, content, ...(links && { links: toLinks(links) }) };
}

function toLinks(links: Links): ZodOpenApiLinksObject {
  const operations = Object.entries(links);
  return Object.fromEntries(
    operations.map(([operationId, parameters]) => [operationId, { operationId, parameters }]),
  );
}

const RETRY_AFTER = { 'Retry-After': { description: 'Seconds', schema: { type: 'integer' } } };
const CHALLENGE = { 'WWW-Authenticate': { description: 'Bearer', schema: { type: 'string' } } };
const HEADERS: Record<number, object> = { 401: CHALLENGE, 429: RETRY_AFTER, 503: RETRY_AFTER };

/** Refusals by status, with their codes. */
export function refusals(codes: Partial<Record<number, string[]>>): ZodOpenApiResponsesObject {
  return Object.fromEntries(
    Object.entries(codes).map(([status, names]) => [
      status,
      { ...json(refusal, (names ?? []).join(', ')), headers: HEADERS[Number(status)] },
    ]),
  ) as ZodOpenApiResponsesObject;
}

export const adminToken = [{ adminToken: [] }];
export const TOKEN_CODES = { 401: ['token_missing', 'token_invalid'], 429: ['too_many_tokens'] };
export const UNAVAILABLE = { 503: ['unavailable'] };
