import { createApp } from '../../src/http/app';
import { readBody } from '../../src/http/read-body';
import { createRouter } from '../../src/http/router';
import { type HttpServer, listen } from '../../src/http/server';
import { capturedLogger } from '../support/captured-logger';
import { head, rawConnection, type RawConnection } from '../support/raw-request';

const MAX_BYTES = 100;

let server: HttpServer;
let connection: RawConnection;

/** A route that answers with the body, which has to come within this time. */
async function start(timeoutMs?: number): Promise<void> {
  const router = createRouter().post('/', async (ctx) => {
    ctx.body = await readBody(ctx.req, MAX_BYTES, timeoutMs);
  });
  server = await listen(createApp({ logger: capturedLogger().logger, routers: [router] }), 0);
  connection = await rawConnection(server.port);
}

afterEach(async () => {
  connection.close();
  await server.close();
});

const post = (...headers: string[]) => head('POST /', headers);

describe('readBody', () => {
  it('resolves with the bytes that were sent', async () => {
    await start();

    connection.send(`${post('Content-Length: 6')}{"a":1`);

    expect(await connection.until(/\{"a":1$/)).toMatch(/^HTTP\/1\.1 200 /);
  });

  it.each([
    ['declared', `${post('Content-Length: 101')}`],
    ['sent in chunks', `${post('Transfer-Encoding: chunked')}65\r\n${'x'.repeat(101)}\r\n`],
  ])('rejects with 413 when more bytes are %s', async (_how, request) => {
    await start();

    connection.send(request);

    expect(await connection.until(/\}$/)).toMatch(/^HTTP\/1\.1 413 .*"payload_too_large"/s);
  });

  it.each([
    ['sends nothing', ''],
    ['sends byte by byte', 'x'],
  ])('rejects with 408 when the client %s', async (_what, piece) => {
    await start(100);
    connection.send(post(`Content-Length: ${MAX_BYTES}`));
    const trickle = setInterval(() => connection.send(piece), 20);

    const answer = await connection.until(/\}$/);
    clearInterval(trickle);

    expect(answer).toMatch(/^HTTP\/1\.1 408 .*"client_too_slow"/s);
  });

  it('makes the client that expects it send the body', async () => {
    await start();
    connection.send(post('Expect: 100-continue', 'Content-Length: 2'));
    await connection.until(/^HTTP\/1\.1 100 Continue\r\n\r\n$/);

    connection.send('{}');

    expect(await connection.until(/\{\}$/)).toMatch(/HTTP\/1\.1 200 .*Connection: keep-alive/s);
  });
});
