import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

export type RawUpstream = Awaited<ReturnType<typeof rawUpstream>>;

type Answer = (response: ServerResponse, request: IncomingMessage) => void;

/** What a provider answers that took a file. */
export const TAKEN = {
  upload_id: '11111111-1111-4111-8111-111111111111',
  task_id: '550e8400-e29b-41d4-a716-446655440000',
  filename: 'a.txt',
  email_count: 1,
  status: 'processing',
  message: 'File uploaded successfully and is being processed',
  uploaded_at: '2026-02-11T09:30:05Z',
};

export const json =
  (body: unknown, status = 200, headers: Record<string, string> = {}): Answer =>
  (response) =>
    void response.writeHead(status, headers).end(JSON.stringify(body));

/** In place of the provider, a server that does with each request what the test says. */
export async function rawUpstream(answer: Answer) {
  const sockets = new Set<Socket>();
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    request.on('error', () => {});
    answer(response, request);
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    /** Those that are open. */
    sockets,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/** Answers when all of a request has come. */
export const whenRead =
  (answer: (response: ServerResponse, request: IncomingMessage, body: string) => void): Answer =>
  (response, request) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => answer(response, request, Buffer.concat(chunks).toString()));
  };
