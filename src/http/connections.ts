import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Keeps the number of connections within a limit: for a new one the connection gives way that has
 * been without a request for longest. If all have a request in progress, the new one is closed.
 */
export function limitConnections(server: Server, connectionsMax: number) {
  /** Requests in progress. */
  const open = new Map<Socket, number>();
  /** In the order in which they became idle. */
  const idle = new Set<Socket>();

  function forget(socket: Socket): void {
    open.delete(socket);
    idle.delete(socket);
  }

  server.on('connection', (socket) => {
    open.set(socket, 0);
    idle.add(socket);
    socket.once('close', () => forget(socket));
    if (open.size <= connectionsMax) return;
    const [longestIdle = socket] = idle;
    forget(longestIdle);
    longestIdle.destroy();
  });

  return {
    begin(socket: Socket): void {
      open.set(socket, (open.get(socket) ?? 0) + 1);
      idle.delete(socket);
    },
    end(socket: Socket): void {
      const requests = open.get(socket);
      if (requests === undefined) return;
      open.set(socket, requests - 1);
      if (requests === 1) idle.add(socket);
    },
  };
}
