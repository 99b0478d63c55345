import type { z } from 'zod';
import type { BulkResends } from '../../operator/bulk-resends';
import type { Previews } from '../../operator/preview-mail';
import type { Resends } from '../../operator/request-resend';
import type { Search } from '../../operator/search';
import type { Links } from './links';

/** What the admin API searches and does. */
export interface Operator {
  search: Search;
  resends: Pick<Resends, 'request'>;
  bulks: BulkResends;
  /** Absent if the API does not know the templates. */
  previews?: Previews;
}

type Fields = z.ZodObject;
type Output<Schema> = Schema extends z.ZodType ? z.output<Schema> : undefined;

/** One operation of the admin API. What it says of itself is checked and published. */
export interface Endpoint<
  Path extends Fields | undefined = Fields | undefined,
  Query extends Fields | undefined = Fields | undefined,
  Body extends z.ZodType | undefined = z.ZodType | undefined,
  Answer extends z.ZodType = z.ZodType,
> {
  method: 'get' | 'post';
  /** With parameters in braces, as OpenAPI writes it. */
  path: string;
  operationId: string;
  summary: string;
  params?: Path;
  query?: Query;
  /** An empty body counts as `{}`. */
  body?: Body;
  /** 200, or 202 when the work goes on after the answer. */
  status: 200 | 202;
  answer: Answer;
  /** What takes a value of the answer. */
  links?: Links;
  /** Codes of refusals beside those that every endpoint has. */
  refusals?: Partial<Record<404 | 409, string[]>>;
  run(
    input: { params: Output<Path>; query: Output<Query>; body: Output<Body> },
    operator: Operator,
  ): Promise<z.input<Answer>>;
}

/** Infers the types of the input and checks that of the answer. */
export function defineEndpoint<
  Path extends Fields | undefined,
  Query extends Fields | undefined,
  Body extends z.ZodType | undefined,
  Answer extends z.ZodType,
>(endpoint: Endpoint<Path, Query, Body, Answer>): Endpoint {
  return endpoint;
}
