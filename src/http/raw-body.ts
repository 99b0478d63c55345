import type { IncomingMessage } from 'node:http';
import { finished } from 'node:stream';
import { payloadTooLarge, unavailable } from './errors';
import { requireIdentity } from './require-identity';

const MIB = 2 ** 20;
const LARGEST_BODY = 32 * MIB;
/** For all bodies that are being read: four of the largest, or two dozen of 10,000 jobs. */
const MEMORY = 4 * LARGEST_BODY;
/** Milliseconds for a body to arrive: what it holds is memory that others lack. */
const DEADLINE = 30_000;

/** Reads bodies as the exact bytes that were sent, within a bound of memory for all of them. */
export function createBodyReader({ deadline = DEADLINE } = {}) {
  let held = 0;

  async function readBody(request: IncomingMessage): Promise<Buffer> {
    requireIdentity(request);
    const { 'content-length': length } = request.headers;
    if (Number(length) > LARGEST_BODY) throw payloadTooLarge();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(unavailable({ Connection: 'close' })), deadline);
    });
    return Promise.race([collect(request), late]).finally(() => clearTimeout(timer));
  }

  /** By events: an iterator would stop and start the socket for each 64 KiB. */
  function collect(request: IncomingMessage): Promise<Buffer> {
    const chunks: Buffer[] = [];
    let size = 0;
    return new Promise<Buffer>((resolve, reject) => {
      // What arrived is counted, not what was announced: an idle connection must not block others.
      function take(bytes: Buffer): void {
        size += bytes.length;
        held += bytes.length;
        if (size > LARGEST_BODY) stop(payloadTooLarge());
        else if (held > MEMORY) stop(unavailable({ Connection: 'close' }));
        else chunks.push(bytes);
      }
      function stop(refusal: Error): void {
        request.off('data', take).pause();
        reject(refusal);
      }
      request.on('data', take);
      finished(request, (err) => (err ? reject(err) : resolve(Buffer.concat(chunks))));
    }).finally(() => {
      held -= size;
    });
  }

  return readBody;
}
