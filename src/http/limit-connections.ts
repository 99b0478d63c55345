import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Answers of one connection that may be unwritten. Browsers and proxies wait for each answer. */
const UNWRITTEN_MAX = 10;

interface Use {
  /** Requests that the application has not answered yet. */
  pending: number;
  /** Kept here because Node emits `close` only for the first answer of a connection that is cut. */
  unwritten: Set<ServerResponse>;
}

/**
 * Limits the number of connections. A new connection replaces the one that has been idle for
 * longest, including connections whose clients do not read their answers. If every connection has a
 * pending request, the new one is closed.
 */
export function limitConnections(server: Server, connectionsMax: number) {
  const uses = new Map<Socket, Use>();
  /** In the order in which they became idle. */
  const idle = new Set<Socket>();

  function forget(socket: Socket): void {
    uses.delete(socket);
    idle.delete(socket);
  }

  server.on('connection', (socket) => {
    uses.set(socket, { pending: 0, unwritten: new Set() });
    idle.add(socket);
    socket.once('close', () => forget(socket));
    if (uses.size <= connectionsMax) return;
    const [longestIdle = socket] = idle;
    forget(longestIdle);
    longestIdle.destroy();
  });

  return {
    /** Whether the application may handle the request. If not, the connection is closed. */
    begin(socket: Socket, response: ServerResponse): boolean {
      const use = uses.get(socket);
      if (!use || use.unwritten.size >= UNWRITTEN_MAX) {
        forget(socket);
        socket.destroy();
        return false;
      }
      use.pending += 1;
      use.unwritten.add(response);
      response.once('close', () => use.unwritten.delete(response));
      idle.delete(socket);
      return true;
    },
    /** Call it when the application has answered. */
    end(socket: Socket): void {
      const use = uses.get(socket);
      if (!use) return;
      use.pending -= 1;
      if (use.pending === 0) idle.add(socket);
    },
    unwritten: (): ServerResponse[] =>
      [...uses.values()].flatMap(({ unwritten }) => [...unwritten]),
  };
}
