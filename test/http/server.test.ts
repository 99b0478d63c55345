import Router from '@koa/router';
import { once } from 'node:events';
import { Agent, get, type IncomingMessage, type Server } from 'node:http';
import { connect } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { promisify } from 'node:util';
import { createApp } from '../../src/http/app';
import { type HttpServer, listen } from '../../src/http/server';
import { capturedLogger } from '../support/captured-logger';
import { eventually } from '../support/eventually';
import { httpServerOf } from '../support/http-server-of';
import { head, rawConnection, type RawConnection } from '../support/raw-request';

/** Far below the timeouts after which idle and remaining connections are closed. */
const PROMPT = 8_000;

const connectionsOf = (node: Server) =>
  promisify<number>((callback) => node.getConnections(callback))();

let server: HttpServer;
let agent: Agent;
let raw: RawConnection | undefined;
/** Lets the answers under way go out. */
let answerNow: () => void;
/** Fulfilled as soon as an answer is under way. */
let underWay: Promise<unknown>;

beforeEach(async () => {
  let begun: (value?: unknown) => void;
  underWay = new Promise((resolve) => (begun = resolve));
  const released = new Promise<void>((resolve) => (answerNow = resolve));
  const router = new Router()
    .get('/slow', async (ctx) => {
      begun();
      await released;
      ctx.body = { status: 'done' };
    })
    .get('/immediate', (ctx) => {
      ctx.body = { status: 'done' };
    })
    .post('/refused', (ctx) => {
      ctx.status = 413;
      ctx.body = { status: 'refused' };
    });
  const app = createApp({ logger: capturedLogger().logger, routers: [router] });
  server = await listen(app, 0);
  agent = new Agent({ keepAlive: true });
});

afterEach(() => {
  answerNow();
  agent.destroy();
  raw?.close();
  raw = undefined;
});

/** An answer to a client that would keep its connection. */
async function ask(path: string): Promise<{ status?: number; connection?: string; body: string }> {
  const [response] = (await once(get({ port: server.port, path, agent }), 'response')) as [
    IncomingMessage,
  ];
  const { statusCode: status, headers } = response;
  const body = Buffer.concat(await response.toArray()).toString();
  return { status, connection: headers.connection, body };
}

async function timed(work: Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work;
  return performance.now() - begun;
}

describe('listen', () => {
  it('serves on a free port and keeps connections', async () => {
    const first = await ask('/immediate');
    const second = await ask('/immediate');

    expect(server.port).toBeGreaterThan(0);
    expect([first, second]).toEqual([
      { status: 200, connection: 'keep-alive', body: '{"status":"done"}' },
      { status: 200, connection: 'keep-alive', body: '{"status":"done"}' },
    ]);
    await server.close();
  });

  it('listens on the given address only', async () => {
    const app = createApp({ logger: capturedLogger().logger, routers: [] });

    const local = await listen(app, 0, { host: '127.0.0.1' });

    const other = rawConnection(local.port, '127.0.0.2');
    await expect(other).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await Promise.all([local.close(), server.close()]);
  });

  it('rejects when the port is taken', async () => {
    const app = createApp({ logger: capturedLogger().logger, routers: [] });

    const second = listen(app, server.port);

    await expect(second).rejects.toMatchObject({ code: 'EADDRINUSE' });
    await server.close();
  });
});

describe('a request that does not end', () => {
  it('is answered 503 and cut while its headers arrive byte by byte', async () => {
    const node = await httpServerOf(server.port);
    node.headersTimeout = 100;
    raw = await rawConnection(server.port);
    raw.send('GET /immediate HTTP/1.1\r\nX-Slow: ');
    const trickle = setInterval(() => raw?.send('x'), 20);

    const answer = await raw.ended();
    clearInterval(trickle);
    raw.close();

    expect(answer).toMatch(/^HTTP\/1\.1 503 .*\r\nRetry-After: 5\r\nConnection: close\r\n/s);
    node.closeIdleConnections();
    await eventually(async () => (await connectionsOf(node)) === 0);
    await server.close();
  });

  it('has no time limit for its body other than that of its route', async () => {
    const { headersTimeout, requestTimeout } = await httpServerOf(server.port);

    expect({ headersTimeout, requestTimeout }).toEqual({
      headersTimeout: 10_000,
      requestTimeout: 0,
    });
    await server.close();
  });
});

describe('leave', () => {
  it('lets a client that is still sending read the refusal', async () => {
    const body = Buffer.alloc(16 * 2 ** 20);
    server.leave();
    const socket = connect(server.port, '127.0.0.1').pause();
    socket.on('error', () => {});

    socket.write(head('POST /refused', [`Content-Length: ${body.length}`]));
    await new Promise((resolve) => socket.write(body, resolve));
    const received = await socket.toArray().catch((err: unknown) => [err]);
    await server.close();

    expect(received.join('')).toMatch(/^HTTP\/1\.1 413 .*Connection: close.*"refused"\}$/s);
  });
});

describe('close', () => {
  it('resolves immediately without connections', async () => {
    const milliseconds = await timed(server.close());

    expect(milliseconds).toBeLessThan(PROMPT);
  });

  it('resolves immediately when a connection is idle', async () => {
    await ask('/immediate');

    const milliseconds = await timed(server.close());

    expect(milliseconds).toBeLessThan(PROMPT);
  });

  it('resolves after a client that was answered early has sent the rest', async () => {
    raw = await rawConnection(server.port);
    raw.send(head('GET /immediate', ['Content-Length: 2']));
    await raw.until(/done/);

    const closing = server.close();
    raw.send('{}');

    expect(await timed(closing)).toBeLessThan(PROMPT);
  });

  it('resolves immediately when a client has connected without a request', async () => {
    raw = await rawConnection(server.port);
    // Answered, so the connection before it is known to the server too.
    await ask('/immediate');

    const milliseconds = await timed(server.close());

    expect(milliseconds).toBeLessThan(PROMPT);
    expect(await raw.ended()).toBe('');
  });

  it('finishes a pending answer with Connection: close, then resolves', async () => {
    const answer = ask('/slow');
    await underWay;
    let closed = false;

    const closing = server.close().then(() => (closed = true));
    await expect(rawConnection(server.port)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    const closedBefore = closed;
    answerNow();

    expect(closedBefore).toBe(false);
    expect(await answer).toEqual({ status: 200, connection: 'close', body: '{"status":"done"}' });
    expect(await timed(closing)).toBeLessThan(PROMPT);
  });

  it('waits for a request whose client has left', async () => {
    const node = await httpServerOf(server.port);
    raw = await rawConnection(server.port);
    raw.send(head('GET /slow'));
    await underWay;
    raw.close();
    let closed = false;

    const withoutConnections = once(node, 'close');
    const closing = server.close().then(() => (closed = true));
    await withoutConnections;
    await turn();
    const closedBefore = closed;
    answerNow();

    expect(closedBefore).toBe(false);
    expect(await timed(closing)).toBeLessThan(PROMPT);
  });

  it('finishes a pending answer to a client that never closes its side', async () => {
    raw = await rawConnection(server.port);
    raw.send(head('GET /slow'));
    await underWay;

    const closing = server.close();
    answerNow();

    expect(await raw.ended()).toMatch(/^HTTP\/1\.1 200 .*Connection: close.*"done"\}$/s);
    expect(await timed(closing)).toBeLessThan(PROMPT);
  });

  it('answers a request that had begun, and closes its connection', async () => {
    const slow = ask('/slow');
    await underWay;
    raw = await rawConnection(server.port);
    raw.send(`${head('GET /immediate')}GET /immediate HT`);
    await raw.until(/"done"\}$/);

    const closing = server.close();
    raw.send('TP/1.1\r\nHost: test\r\n\r\n');
    const received = await raw.ended();
    answerNow();
    await slow;

    expect(received.match(/HTTP\/1\.1 200 /g)).toHaveLength(2);
    expect(received.match(/Connection: .*\r/g)).toEqual([
      'Connection: keep-alive\r',
      'Connection: close\r',
    ]);
    expect(await timed(closing)).toBeLessThan(PROMPT);
  });
});
