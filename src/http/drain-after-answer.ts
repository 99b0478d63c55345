import type { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';

const DRAIN_TIMEOUT_MS = 5_000;

/**
 * Discards the rest of a request that was answered before its end. Closing immediately would reset
 * the connection, and a client or proxy that is still sending could not read the answer.
 */
export function drainAfterAnswer(
  request: IncomingMessage,
  response: ServerResponse,
  timeoutMs = DRAIN_TIMEOUT_MS,
): void {
  const { socket } = request;
  const isComplete = () => request.complete || request.destroyed;

  // Node calls it with the last answer of a connection.
  socket.destroySoon = function endThenDestroy() {
    if (isComplete()) return Socket.prototype.destroySoon.call(socket);
    socket.end();
    request.once('end', endThenDestroy);
  };
  response.once('finish', () => {
    if (isComplete()) return;
    const cut = setTimeout(() => socket.destroy(), timeoutMs).unref();
    const done = () => clearTimeout(cut);
    request.once('end', done).once('close', done).resume();
  });
}
