import type { Readable } from 'node:stream';
import { fieldTooLarge } from './errors';
import { decodeExtendedValue, parseHeaderParameters } from './header-parameters';

const FIELD_MAX_BYTES = 64 * 2 ** 10;

/** The headers of a part by name in lower case. */
export type PartHeader = Record<string, string[] | undefined>;

/** Uses `filename*` if it is there: RFC 7578 §4.2 forbids it, but some clients send it. */
export function readDisposition(header: PartHeader): { field?: string; name?: string } {
  const [first = '', ...others] = header['content-disposition'] ?? [];
  const disposition = parseHeaderParameters(first);
  if (disposition?.value !== 'form-data' || others.length > 0) return {};
  const { parameters } = disposition;
  const plain = parameters.get('filename');
  const extended = parameters.get('filename*');
  const name = extended === undefined ? plain : (decodeExtendedValue(extended) ?? plain ?? '');
  return { field: parameters.get('name'), name };
}

export async function readField(content: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of content) {
    size += (chunk as Buffer).length;
    if (size > FIELD_MAX_BYTES) throw fieldTooLarge();
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString();
}
