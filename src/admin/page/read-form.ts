import type { IncomingMessage } from 'node:http';
import { refusal } from '../../http/errors';
import { readBody } from '../../http/read-body';

const FORM_MAX_BYTES = 64 * 2 ** 10;
const FORM_TYPE = /^application\/x-www-form-urlencoded *(?:;|$)/i;

/** The fields of a form, the first of each name. */
export async function readForm(request: IncomingMessage): Promise<Record<string, string>> {
  if (!FORM_TYPE.test(request.headers['content-type'] ?? '')) throw notAForm();
  const bytes = await readBody(request, FORM_MAX_BYTES);
  const fields = [...new URLSearchParams(bytes.toString())].reverse();
  return Object.fromEntries(fields);
}

const notAForm = () => refusal(415, 'form_expected', 'The body must be a form');
