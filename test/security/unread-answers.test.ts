import Router from '@koa/router';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { createApp } from '../../src/http/app';
import { limitConnections } from '../../src/http/limit-connections';
import { type HttpServer, listen } from '../../src/http/server';
import { capturedLogger } from '../support/captured-logger';
import { eventually } from '../support/eventually';
import { head, rawConnection } from '../support/raw-request';

const CONNECTIONS_MAX = 10;
/** More than the system buffers between two sockets. */
const LARGE = 'x'.repeat(16 * 2 ** 20);

let sockets: Socket[] = [];

afterEach(() => {
  sockets.forEach((socket) => socket.destroy());
  sockets = [];
});

/** A client that sends this and reads nothing. */
async function deafClient(port: number, sent: string): Promise<Socket> {
  const socket = connect(port, '127.0.0.1').pause();
  socket.on('error', () => {});
  sockets.push(socket);
  await once(socket, 'connect');
  socket.write(sent);
  return socket;
}

describe('listen with clients that do not read their answers', () => {
  let server: HttpServer;
  let served: number;

  beforeEach(async () => {
    served = 0;
    const router = new Router()
      .get('/large', (ctx) => {
        served += 1;
        ctx.body = LARGE;
      })
      .get('/quick', (ctx) => {
        served += 1;
        ctx.body = { status: 'done' };
      });
    const app = createApp({ logger: capturedLogger().logger, routers: [router] });
    server = await listen(app, 0, { connectionsMax: CONNECTIONS_MAX });
  });
  afterEach(async () => {
    sockets.forEach((socket) => socket.destroy());
    await server.close();
  });

  it('answers a new connection when they hold the maximum number', async () => {
    for (let i = 0; i < CONNECTIONS_MAX; i += 1) await deafClient(server.port, head('GET /large'));
    await eventually(() => served === CONNECTIONS_MAX);
    const newcomer = await rawConnection(server.port);

    newcomer.send(head('GET /quick'));

    expect(await newcomer.until(/"done"\}$/)).toMatch(/^HTTP\/1\.1 200 /);
    newcomer.close();
  });

  it('answers ten pipelined requests', async () => {
    const client = await rawConnection(server.port);

    client.send(head('GET /quick').repeat(10));

    await client.until(/(?:"done"\}.*){10}$/s);
    expect(served).toBe(10);
    client.close();
  });

  it('closes a connection with a thousand pipelined requests', async () => {
    const client = await rawConnection(server.port);

    client.send(head('GET /quick').repeat(1_000));

    expect(await client.ended()).toBe('');
    expect(served).toBeLessThanOrEqual(10);
  });
});

describe('limitConnections', () => {
  it('releases everything of a connection that closes before its answers', async () => {
    const server = createServer((request, response) => {
      connections.begin(request.socket, response);
    });
    const connections = limitConnections(server, CONNECTIONS_MAX);
    await once(server.listen(0), 'listening');
    const client = await deafClient(
      (server.address() as AddressInfo).port,
      head('GET /').repeat(10),
    );
    await eventually(() => connections.unwritten().length === 10);

    client.destroy();

    await eventually(() => connections.unwritten().length === 0);
    expect(client.bytesRead).toBe(0);
    server.close();
  });
});
