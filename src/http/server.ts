import type Koa from 'koa';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { limitConnections } from './connections';
import { drainAfterAnswer } from './drain-after-answer';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
/** How long answers that are under way may take at shutdown. */
const CLOSE_DEADLINE = 35 * SECOND;

export type HttpServer = Awaited<ReturnType<typeof listen>>;

interface ListenOptions {
  /** How long a connection is kept without a request. */
  keepAliveTimeoutMs?: number;
  connectionsMax?: number;
}

/** Serves the app on a port (0: a free one), with bounds on slow and idle clients. */
export async function listen(
  app: Koa,
  port: number,
  // Above the idle time of the usual proxies, so that they close first.
  { keepAliveTimeoutMs = 75 * SECOND, connectionsMax = 2_000 }: ListenOptions = {},
) {
  const handle = app.callback();
  const unused = new Set<Socket>();
  let leaving = false;

  function serve(request: IncomingMessage, response: ServerResponse): void {
    const { socket } = request;
    unused.delete(socket);
    if (!connections.begin(socket, response)) return;
    drainAfterAnswer(request, response);
    if (leaving) endConnectionAfter(response);
    void handle(request, response).finally(() => connections.end(socket));
  }

  const server = createServer({ connectionsCheckingInterval: 2 * SECOND }, serve);
  const connections = limitConnections(server, connectionsMax);
  server.headersTimeout = 10 * SECOND;
  // Enough for an upload over a slow line; webhooks have less (raw-body.ts).
  server.requestTimeout = 5 * MINUTE;
  server.keepAliveTimeout = keepAliveTimeoutMs;
  server.on('connection', (socket) => {
    unused.add(socket);
    socket.once('close', () => unused.delete(socket));
  });
  server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
    // A body that is refused unread is never sent, so the connection ends with the answer.
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
  server.listen(port);
  await once(server, 'listening');

  /** From now on each answer ends its connection, so that proxies turn to another server. */
  function leave(): void {
    leaving = true;
    connections.unwritten().forEach(endConnectionAfter);
  }

  /** Takes no more connections, finishes the answers that are under way, then cuts what is left. */
  async function close(): Promise<void> {
    const closed = once(server, 'close');
    // Ends idle connections, but not those on which nothing was ever asked.
    server.close();
    unused.forEach((socket) => socket.destroy());
    leave();
    // Some become idle later: those whose answer did not wait for the end of the request.
    const sweep = setInterval(() => server.closeIdleConnections(), SECOND / 10);
    const deadline = setTimeout(() => server.closeAllConnections(), CLOSE_DEADLINE);
    await closed;
    clearInterval(sweep);
    clearTimeout(deadline);
  }

  return { port: (server.address() as AddressInfo).port, leave, close };
}

/** Tells the client with the answer, if it has not begun, and closes when all of it is written. */
function endConnectionAfter(response: ServerResponse): void {
  response.shouldKeepAlive = false;
  response.once('finish', () => response.req.socket.destroySoon());
}

/** A slow sender is told 503, which it retries, and not Node's 408, which it does not. */
function answerBrokenRequest(err: NodeJS.ErrnoException, socket: Socket): void {
  if (err.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const status =
    err.code === 'ERR_HTTP_REQUEST_TIMEOUT'
      ? '503 Service Unavailable\r\nRetry-After: 5'
      : err.code === 'HPE_HEADER_OVERFLOW'
        ? '431 Request Header Fields Too Large'
        : '400 Bad Request';
  const answer = `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`;
  // A peer that never closes its side would keep the connection, and what its body has reserved.
  socket.end(answer, () => socket.destroy());
}
