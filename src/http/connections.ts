import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Answers of a connection that may be unwritten at once. Browsers and proxies ask for one at a time. */
const UNWRITTEN_MAX = 10;

interface Use {
  /** Requests that the application works on. */
  working: number;
  /** Kept by connection: when one is cut, Node tells of the end of its first answer alone. */
  unwritten: Set<ServerResponse>;
}

/**
 * Keeps the number of connections within a limit: for a new one the connection gives way for which
 * nothing has been worked on for longest, also one whose client does not read what it asked for. If
 * all have a request that is worked on, the new one is closed.
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
    uses.set(socket, { working: 0, unwritten: new Set() });
    idle.add(socket);
    socket.once('close', () => forget(socket));
    if (uses.size <= connectionsMax) return;
    const [longestIdle = socket] = idle;
    forget(longestIdle);
    longestIdle.destroy();
  });

  return {
    /** Whether the request may be worked on; if not, its connection is closed. */
    begin(socket: Socket, response: ServerResponse): boolean {
      const use = uses.get(socket);
      if (!use || use.unwritten.size >= UNWRITTEN_MAX) {
        forget(socket);
        socket.destroy();
        return false;
      }
      use.working += 1;
      use.unwritten.add(response);
      response.once('close', () => use.unwritten.delete(response));
      idle.delete(socket);
      return true;
    },
    /** The application has answered. */
    end(socket: Socket): void {
      const use = uses.get(socket);
      if (!use) return;
      use.working -= 1;
      if (use.working === 0) idle.add(socket);
    },
    unwritten: (): ServerResponse[] =>
      [...uses.values()].flatMap(({ unwritten }) => [...unwritten]),
  };
}
