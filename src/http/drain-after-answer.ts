import type { IncomingMessage, ServerResponse } from 'node:http';

const DRAIN_TIMEOUT_MS = 5_000;

/**
 * Reads and drops the rest of a request that was answered before its end, so that a client or proxy
 * that is still sending can read the answer: closing at once would reset the connection.
 */
export function drainAfterAnswer(
  request: IncomingMessage,
  response: ServerResponse,
  timeoutMs = DRAIN_TIMEOUT_MS,
): void {
  response.once('finish', () => {
    if (request.complete || request.destroyed) return;
    const { socket } = request;
    const cut = setTimeout(() => socket.destroy(), timeoutMs).unref();
    const done = () => clearTimeout(cut);
    request.once('end', done).once('close', done).resume();
  });
}
