import type { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';

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
  const { socket } = request;
  const isOver = () => request.complete || request.destroyed;

  // Called by Node with the last answer of a connection.
  socket.destroySoon = function endThenDestroy() {
    if (isOver()) return Socket.prototype.destroySoon.call(socket);
    socket.end();
    request.once('end', endThenDestroy);
  };
  response.once('finish', () => {
    if (isOver()) return;
    const cut = setTimeout(() => socket.destroy(), timeoutMs).unref();
    const done = () => clearTimeout(cut);
    request.once('end', done).once('close', done).resume();
  });
}
