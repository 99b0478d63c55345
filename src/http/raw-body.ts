import type { IncomingMessage } from 'node:http';
import getRawBody from 'raw-body';
import { encodingNotSupported, payloadTooLarge, unavailable } from './errors';

const MIB = 2 ** 20;
const LARGEST_BODY = 32 * MIB;
/** All bodies that are being read: four of the largest, or two dozen of 10,000 jobs. */
const MEMORY = 4 * LARGEST_BODY;

/** Reads bodies as the exact bytes that were sent, within a bound of memory for all of them. */
export function createBodyReader() {
  let reserved = 0;

  return async function readBody(request: IncomingMessage): Promise<Buffer> {
    const { 'content-encoding': encoding = 'identity', 'content-length': length } = request.headers;
    if (encoding.trim().toLowerCase() !== 'identity') throw encodingNotSupported();
    const size = length === undefined ? LARGEST_BODY : Number(length);
    if (size > LARGEST_BODY) throw payloadTooLarge();
    if (reserved + size > MEMORY) throw unavailable({ Connection: 'close' });
    reserved += size;
    try {
      return await getRawBody(request, { length, limit: LARGEST_BODY });
    } catch (err) {
      const { type } = err as getRawBody.RawBodyError;
      throw type === 'entity.too.large' ? payloadTooLarge() : unavailable();
    } finally {
      reserved -= size;
    }
  };
}
