import type { IncomingMessage } from 'node:http';
import { payloadTooLarge } from './errors';
import { requireIdentityEncoding } from './require-identity-encoding';

/** Reads a small body. Throws a refusal if it has more bytes, or is compressed. */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  requireIdentityEncoding(request);
  if (Number(request.headers['content-length']) > maxBytes) throw payloadTooLarge();
  const chunks: Uint8Array[] = [];
  let size = 0;
  // The answer to a body that is too large still needs the connection.
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    size += (chunk as Uint8Array).byteLength;
    if (size > maxBytes) throw payloadTooLarge();
    chunks.push(chunk as Uint8Array);
  }
  return Buffer.concat(chunks);
}
