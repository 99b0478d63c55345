import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface TcpProxy {
  host: string;
  port: number;
  /** Resets all connections, also new ones, until `restore`. */
  cut: () => void;
  /** Delays all bytes in both directions until `restore`, like a network that drops packets. */
  blackhole: () => void;
  restore: () => void;
  close: () => Promise<void>;
}

interface Connection {
  client: Socket;
  upstream: Socket;
}

/** Forwards connections to the port that `portOf` returns at that moment. */
export async function startTcpProxy(portOf: () => number): Promise<TcpProxy> {
  const host = '127.0.0.1';
  const connections = new Set<Connection>();
  let state: 'open' | 'cut' | 'blackholed' = 'open';

  const server = createServer({ pauseOnConnect: true }, (client) => {
    if (state === 'cut') return void breakOff(client);
    const upstream = connect(portOf(), host);
    const connection = { client: client.setNoDelay(), upstream: upstream.setNoDelay() };
    connections.add(connection);
    forward(client, upstream);
    forward(upstream, client);
    client.on('close', () => connections.delete(connection));
    if (state === 'open') resume(connection);
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
    blackhole() {
      state = 'blackholed';
      connections.forEach(({ client, upstream }) => {
        client.pause();
        upstream.pause();
      });
    },
    restore() {
      state = 'open';
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

/** Resets a socket. One that is being shut down is destroyed: Node would leak the handle of a reset. */
function breakOff(socket: Socket): void {
  if (socket.writableEnded) socket.destroy();
  else socket.resetAndDestroy();
}

function resume({ client, upstream }: Connection): void {
  client.resume();
  upstream.resume();
}
