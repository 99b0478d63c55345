import { createServer, type Socket } from 'node:net';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createSecureContext, TLSSocket } from 'node:tls';

const SSL_REQUEST = 80877103;

export interface Refusal {
  code: string;
  message: string;
}

interface Script {
  /** What a login is answered with; undefined admits it, and every query then has no row. */
  refuse?: () => Refusal | undefined;
  certificate?: { key: string; cert: string };
}

/** The first two messages of Postgres' protocol 3.0, as a database or a pooler that says no. */
export async function startScriptedPostgres({ refuse, certificate }: Script) {
  const logins: Record<string, string>[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    serve(socket, false);
  });

  function serve(socket: Socket, encrypted: boolean): void {
    socket.on('error', () => undefined);
    socket.once('data', (data) => {
      if (data.readInt32BE(4) === SSL_REQUEST) return answerSslRequest(socket);
      logins.push({ ...parameters(data), encrypted: String(encrypted) });
      const refusal = refuse?.();
      if (refusal) return void socket.end(errorResponse(refusal));
      socket.write(Buffer.concat([message('R', int32(0)), READY]));
      socket.on('data', () => socket.write(Buffer.concat([NO_ROW, READY])));
    });
  }

  function answerSslRequest(socket: Socket): void {
    if (!certificate) {
      socket.write('N');
      return serve(socket, false);
    }
    socket.write('S');
    const secureContext = createSecureContext(certificate);
    serve(new TLSSocket(socket, { isServer: true, secureContext }), true);
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `postgres://worker:top-secret@127.0.0.1:${port}/ledger`,
    port,
    /** The startup parameters of every login so far. */
    logins,
    async close() {
      sockets.forEach((socket) => socket.destroy());
      server.close();
      await once(server, 'close');
    },
  };
}

const int32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
};
const message = (type: string, body: Buffer) =>
  Buffer.concat([Buffer.from(type), int32(body.length + 4), body]);

const READY = message('Z', Buffer.from('I'));
/** Parsed, bound, no data, and the end of a select. */
const NO_ROW = Buffer.concat([
  ...['1', '2', 'n'].map((type) => message(type, Buffer.alloc(0))),
  message('C', Buffer.from('SELECT 0\0')),
]);

function errorResponse({ code, message: text }: Refusal): Buffer {
  return message('E', Buffer.from(`SFATAL\0VFATAL\0C${code}\0M${text}\0\0`));
}

function parameters(startup: Buffer): Record<string, string> {
  const words = startup.subarray(8).toString().split('\0');
  return Object.fromEntries(
    words.flatMap((word, index) =>
      index % 2 === 0 && word ? [[word, words[index + 1] ?? '']] : [],
    ),
  );
}
