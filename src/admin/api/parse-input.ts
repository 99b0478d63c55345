import type { RouterContext } from '@koa/router';
import type { z } from 'zod';
import { readBody } from '../../http/read-body';
import { parseBoundedJson } from '../../parse/bounded-json';
import type { Endpoint } from './endpoint';
import { invalidRequest, jsonExpected } from './errors';

const BODY_MAX_BYTES = 64 * 2 ** 10;
const JSON_TYPE = /^application\/json *(?:;|$)/i;

/** What the request says, as the schemas of its endpoint have it. Throws a refusal. */
export async function parseInput({ params, query, body }: Endpoint, ctx: RouterContext) {
  return {
    params: params && check(params, 'path', ctx.params),
    // A parameter that is given twice is a list, which no schema admits.
    query: query && check(query, 'query', { ...ctx.query }),
    body: body && check(body, 'body', await readJson(ctx)),
  };
}

async function readJson({ req }: RouterContext): Promise<unknown> {
  const bytes = await readBody(req, BODY_MAX_BYTES);
  if (bytes.length === 0) return {};
  if (!JSON_TYPE.test(req.headers['content-type'] ?? '')) throw jsonExpected();
  const json = parseBoundedJson(bytes);
  if ('fault' in json) throw invalidRequest(['body: is not JSON in UTF-8']);
  return json.value;
}

function check<S extends z.ZodType>(schema: S, part: string, value: unknown): z.output<S> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw invalidRequest(parsed.error.issues.map((issue) => describe(issue, part)));
}

/** Names the field, which is ours, and never its value. */
function describe({ code, path, message }: z.core.$ZodIssue, part: string): string {
  const name = [part, ...path].join('.');
  return `${name}: ${code === 'unrecognized_keys' ? 'has unknown fields' : message}`;
}
