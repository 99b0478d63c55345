import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { listenTcp } from '../../sandbox/network/listen-tcp';
import { reservePort } from '../../sandbox/network/reserve-port';
import { startDistance } from '../instruments/distance';

const ONE_WAY_MS = 20;
/** Timers may fire a millisecond early. */
const EARLY_MS = 2;

type Server = Awaited<ReturnType<typeof listenTcp>>;
const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0).toReversed()) await server.close();
});

/** A client of a server that is far away. */
async function connectFar(onConnection: (socket: Socket) => void): Promise<Socket> {
  const near = await listenTcp(onConnection);
  const far = await startDistance({ port: near.port, oneWayMs: ONE_WAY_MS });
  servers.push(near, far);
  return connect(far.port, '127.0.0.1').setNoDelay(true);
}

describe('a relay far away', () => {
  it('greets after two round trips, of which one is the handshake of TCP', async () => {
    const began = performance.now();
    const client = await connectFar((socket) => socket.write('220 sink\r\n'));

    await once(client, 'data');

    expect(performance.now() - began).toBeGreaterThanOrEqual(4 * ONE_WAY_MS - EARLY_MS);
  });

  it('answers after one round trip', async () => {
    const client = await connectFar((socket) => {
      socket.write('220 sink\r\n');
      socket.on('data', () => socket.write('250 ok\r\n'));
    });
    await once(client, 'data');

    const began = performance.now();
    client.write('NOOP\r\n');
    await once(client, 'data');

    expect(performance.now() - began).toBeGreaterThanOrEqual(2 * ONE_WAY_MS - EARLY_MS);
  });

  it('passes on many pieces at once, in order', async () => {
    const pieces = Array.from({ length: 500 }, (_, index) => Buffer.alloc(4_096, index));
    const expected = createHash('sha256').update(Buffer.concat(pieces)).digest('hex');
    const hash = createHash('sha256');
    const ended = new Promise<void>((resolve) => {
      void connectFar((socket) => {
        socket.on('data', (bytes) => hash.update(bytes)).once('end', () => resolve());
      }).then((client) => {
        // In pieces, not in one write.
        pieces.forEach((piece) => setImmediate(() => client.write(piece)));
        setImmediate(() => client.end());
      });
    });
    const began = performance.now();

    await ended;

    expect(hash.digest('hex')).toBe(expected);
    // One after the other, they would take ten seconds.
    expect(performance.now() - began).toBeLessThan((pieces.length * ONE_WAY_MS) / 2);
  });

  it('ends when the client does', async () => {
    let closed: Promise<unknown> | undefined;
    const client = await connectFar((socket) => {
      closed = once(socket.resume(), 'close');
      socket.write('220 sink\r\n');
    });
    await once(client, 'data');

    client.end();

    expect(await closed).toEqual([false]);
  });

  it('ends when the relay does', async () => {
    const client = await connectFar((socket) => void socket.end('421 bye\r\n'));

    const closed = once(client, 'close');

    expect(await Promise.all([once(client, 'data').then(String), closed])).toEqual([
      '421 bye\r\n',
      [false],
    ]);
  });

  it('is down when the relay is', async () => {
    const far = await startDistance({ port: await reservePort(), oneWayMs: ONE_WAY_MS });
    servers.push(far);

    const client = connect(far.port, '127.0.0.1');
    await once(client.resume(), 'close');

    expect(client.bytesRead).toBe(0);
  });
});
