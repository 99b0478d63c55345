import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface Wire {
  /** To be called in place of the server's. */
  address: string;
  /** From now on nothing of what clients say arrives. */
  mute(): void;
  close(): Promise<void>;
}

/** A way to a server that can lose what is said to it, for the one who goes this way only. */
export async function startWire(address: string): Promise<Wire> {
  const [host, port] = address.split(':');
  const sockets = new Set<Socket>();
  let muted = false;

  const server = createServer((client) => {
    const upstream = connect(Number(port), host);
    client.on('data', (bytes) => muted || upstream.write(bytes));
    upstream.on('data', (bytes) => client.write(bytes));
    join(client, upstream);
    join(upstream, client);
  });

  function join(socket: Socket, other: Socket) {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => {
      sockets.delete(socket);
      other.destroy();
    });
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    mute() {
      muted = true;
    },
    async close() {
      server.close();
      sockets.forEach((socket) => socket.destroy());
      await once(server, 'close');
    },
  };
}
