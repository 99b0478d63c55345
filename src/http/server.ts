import type Koa from 'koa';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { drainAfterAnswer } from './drain-after-answer';
import { limitConnections } from './limit-connections';

const SECOND_MS = 1_000;
/** Longer than `Prefer: wait` (30 seconds), and than the end of an upload: 30, and 4.5 for its watch. */
const CLOSE_TIMEOUT_MS = 35 * SECOND_MS;
const CLOSE_IDLE_INTERVAL_MS = 100;

export type HttpServer = Awaited<ReturnType<typeof listen>>;

interface ListenOptions {
  /** An address of this machine; by default all of them. */
  host?: string;
  /** How long a connection stays open without a request. */
  keepAliveTimeoutMs?: number;
  connectionsMax?: number;
}

/** Serves the app on a port (0: any free one), with limits for slow and idle clients. */
export async function listen(
  app: Koa,
  port: number,
  // Longer than the idle timeout of common proxies, so that they close first.
  { host, keepAliveTimeoutMs = 75 * SECOND_MS, connectionsMax = 2_000 }: ListenOptions = {},
) {
  const handle = app.callback();
  const unused = new Set<Socket>();
  const pending = new Set<Promise<void>>();
  let leaving = false;

  function serve(request: IncomingMessage, response: ServerResponse): void {
    const { socket } = request;
    unused.delete(socket);
    if (!connections.begin(socket, response)) return;
    drainAfterAnswer(request, response);
    if (leaving) endConnectionAfter(response);
    const handled = handle(request, response).finally(() => {
      connections.end(socket);
      pending.delete(handled);
    });
    pending.add(handled);
  }

  const server = createServer({ connectionsCheckingInterval: 2 * SECOND_MS }, serve);
  const connections = limitConnections(server, connectionsMax);
  server.headersTimeout = 10 * SECOND_MS;
  // How long a body may take depends on its route: by body-budget.ts, min-rate.ts or read-body.ts.
  server.requestTimeout = 0;
  server.keepAliveTimeout = keepAliveTimeoutMs;
  server.on('connection', (socket) => {
    unused.add(socket);
    socket.once('close', () => unused.delete(socket));
  });
  server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
    // After a refusal the client does not send the body, so the answer ends the connection.
    const { shouldKeepAlive } = response;
    response.shouldKeepAlive = false;
    request.once('resume', () => {
      if (response.headersSent) return;
      response.shouldKeepAlive = shouldKeepAlive && !leaving;
      response.writeContinue();
    });
    serve(request, response);
  });
  server.on('clientError', answerBrokenRequest);
  server.listen({ port, host });
  await once(server, 'listening');

  /** From now on each answer closes its connection, so that proxies choose another server. */
  function leave(): void {
    leaving = true;
    connections.unwritten().forEach(endConnectionAfter);
  }

  /**
   * Accepts no more connections and finishes pending requests, including those whose clients have
   * left, then destroys the connections left.
   */
  async function close(): Promise<void> {
    const closed = once(server, 'close');
    // Closes idle connections, but not those without any request so far.
    server.close();
    unused.forEach((socket) => socket.destroy());
    leave();
    // A connection becomes idle later when its answer did not wait for the end of the request.
    const closeIdle = setInterval(() => server.closeIdleConnections(), CLOSE_IDLE_INTERVAL_MS);
    const timer = new AbortController();
    const timeout = delay(CLOSE_TIMEOUT_MS, undefined, { signal: timer.signal });
    await Promise.race([closed.then(() => Promise.allSettled(pending)), timeout]);
    timer.abort();
    clearInterval(closeIdle);
    server.closeAllConnections();
    await closed;
  }

  return { port: (server.address() as AddressInfo).port, leave, close };
}

/** Announces the close with the answer, if that has not begun, and closes after it was written. */
function endConnectionAfter(response: ServerResponse): void {
  response.shouldKeepAlive = false;
  response.once('finish', () => response.req.socket.destroySoon());
}

/** Slow headers get 503 in place of Node's 408, because senders of webhooks retry only 503. */
function answerBrokenRequest(err: NodeJS.ErrnoException, socket: Socket): void {
  if (err.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const status =
    err.code === 'ERR_HTTP_REQUEST_TIMEOUT'
      ? '503 Service Unavailable\r\nRetry-After: 5'
      : err.code === 'HPE_HEADER_OVERFLOW'
        ? '431 Request Header Fields Too Large'
        : '400 Bad Request';
  const answer = `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`;
  // A peer that never closes its side would keep the connection and the memory of its body.
  socket.end(answer, () => socket.destroy());
}
