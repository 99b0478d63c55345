import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface Wire {
  host: string;
  port: number;
  /** Resets what is connected, and whoever connects until it is healed. */
  cut: () => void;
  /** Nothing arrives on either side until it is healed, as with packets that are lost and repeated. */
  mute: () => void;
  heal: () => void;
  close: () => Promise<void>;
}

interface Connection {
  client: Socket;
  upstream: Socket;
}

/** A way to a server for one who reaches it by this way alone; the server's port may change. */
export async function startWire(portOf: () => number): Promise<Wire> {
  const host = '127.0.0.1';
  const connections = new Set<Connection>();
  let state: 'whole' | 'cut' | 'muted' = 'whole';

  const server = createServer({ pauseOnConnect: true }, (client) => {
    if (state === 'cut') return void breakOff(client);
    const upstream = connect(portOf(), host);
    const connection = { client: client.setNoDelay(), upstream: upstream.setNoDelay() };
    connections.add(connection);
    forward(client, upstream);
    forward(upstream, client);
    client.on('close', () => connections.delete(connection));
    if (state === 'whole') resume(connection);
    else upstream.pause();
  });

  server.listen(0, host);
  await once(server, 'listening');
  return {
    host,
    port: (server.address() as AddressInfo).port,
    cut() {
      state = 'cut';
      connections.forEach(({ client, upstream }) => {
        breakOff(client);
        breakOff(upstream);
      });
    },
    mute() {
      state = 'muted';
      connections.forEach(({ client, upstream }) => {
        client.pause();
        upstream.pause();
      });
    },
    heal() {
      state = 'whole';
      connections.forEach(resume);
    },
    async close() {
      const closed = once(server, 'close');
      server.close();
      connections.forEach(({ client, upstream }) => {
        client.destroy();
        upstream.destroy();
      });
      await closed;
    },
  };
}

function forward(from: Socket, to: Socket): void {
  from.on('data', (bytes) => to.write(bytes));
  from.on('end', () => to.end());
  from.on('error', () => breakOff(to));
  from.on('close', () => to.end());
}

/** By a reset, but not of a socket that is being shut down: Node would never let go of its handle. */
function breakOff(socket: Socket): void {
  if (socket.writableEnded) socket.destroy();
  else socket.resetAndDestroy();
}

function resume({ client, upstream }: Connection): void {
  client.resume();
  upstream.resume();
}
