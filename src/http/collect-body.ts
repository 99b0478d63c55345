import type { IncomingMessage } from 'node:http';
import { finished } from 'node:stream';
import { clientGone, payloadTooLarge } from './errors';
import { requireIdentityEncoding } from './require-identity-encoding';

interface CollectedBody {
  /** The exact bytes that were sent. Rejects with the refusal of a body that was not read to its end. */
  body: Promise<Buffer>;
  /** Refuses the body and leaves the rest of it unread. */
  stop: (refusal: Error) => void;
}

/**
 * Collects a body that may be held in memory. Throws the refusal of one that is compressed or too
 * large. `admit` tells for each chunk whether it is kept.
 *
 * Listens to events: an iterator would pause the socket after each 64 KiB and would emit no
 * `resume`, at which `100 Continue` is sent (server.ts).
 */
export function collectBody(
  request: IncomingMessage,
  maxBytes: number,
  admit: (bytes: number) => boolean = () => true,
): CollectedBody {
  requireIdentityEncoding(request);
  if (Number(request.headers['content-length']) > maxBytes) throw payloadTooLarge();
  let resolve!: (bytes: Buffer) => void;
  let reject!: (refusal: Error) => void;
  const body = new Promise<Buffer>((...settle) => ([resolve, reject] = settle));
  const chunks: Buffer[] = [];
  let size = 0;

  function onData(bytes: Buffer): void {
    size += bytes.length;
    if (size > maxBytes) stop(payloadTooLarge());
    else if (admit(bytes.length)) chunks.push(bytes);
  }
  function stop(refusal: Error): void {
    stopListening();
    request.off('data', onData).pause();
    chunks.length = 0;
    reject(refusal);
  }
  const stopListening = finished(request, { writable: false }, (err) => {
    if (err) return stop(clientGone());
    request.off('data', onData);
    resolve(Buffer.concat(chunks));
  });
  // The stream can still fail after a refusal; without a listener that would end the process.
  request.on('error', () => undefined).on('data', onData);
  return { body, stop };
}
