import type { IncomingMessage } from 'node:http';
import { payloadTooLarge, refusal } from '../../http/errors';
import { requireIdentityEncoding } from '../../http/require-identity-encoding';

const FORM_MAX_BYTES = 64 * 2 ** 10;
const FORM_TYPE = /^application\/x-www-form-urlencoded *(?:;|$)/i;

/** The fields of a form, the first of each name. */
export async function readForm(request: IncomingMessage): Promise<Record<string, string>> {
  requireIdentityEncoding(request);
  if (!FORM_TYPE.test(request.headers['content-type'] ?? '')) throw notAForm();
  const chunks: Uint8Array[] = [];
  let size = 0;
  // The answer to a form that is too long still needs the connection.
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    size += (chunk as Uint8Array).byteLength;
    if (size > FORM_MAX_BYTES) throw payloadTooLarge();
    chunks.push(chunk as Uint8Array);
  }
  const fields = [...new URLSearchParams(Buffer.concat(chunks).toString())].reverse();
  return Object.fromEntries(fields);
}

const notAForm = () => refusal(415, 'form_expected', 'The body must be a form');
