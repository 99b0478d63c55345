import type { IncomingMessage } from 'node:http';

/** Milliseconds. */
const LONGEST = 5_000;

/**
 * For a request that was answered before its end: lets a client that is still sending read the
 * answer, which a reset of the connection could take from it.
 */
export function drainBriefly(request: IncomingMessage): void {
  const cut = setTimeout(() => request.socket.destroy(), LONGEST).unref();
  request.once('end', () => clearTimeout(cut)).once('close', () => clearTimeout(cut));
  request.resume();
}
