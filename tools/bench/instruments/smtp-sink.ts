import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createSecureContext, type SecureContext, TLSSocket } from 'node:tls';

export interface SmtpSink {
  port: number;
  /** Milliseconds from the final dot to the reply. */
  setDelay(ms: number): void;
  /** Refuses connections, like a relay that is down. */
  close(): Promise<void>;
  /** Takes mail again, on the same port. */
  open(): Promise<void>;
}

const EXTENSIONS = '250-sink\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n';
/** As real relays do: no AUTH before STARTTLS. */
const STARTTLS_FIRST = `${EXTENSIONS}250 STARTTLS\r\n`;
const AUTH_NOW = `${EXTENSIONS}250 AUTH PLAIN\r\n`;
const END = '\r\n.\r\n';

/**
 * A relay that costs next to nothing: it takes every mail and keeps none. With a certificate it wants
 * STARTTLS. Not smtp-server, which waits for 100 ms before each greeting.
 */
export async function startSmtpSink(
  onMail: (raw: string) => void,
  certificate?: { key: string; cert: string },
): Promise<SmtpSink> {
  const sockets = new Set<Socket>();
  const secureContext = certificate && createSecureContext(certificate);
  let delay = 0;

  function serve(socket: Socket): void {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
    socket.setNoDelay(true);
    converse(socket, secureContext);
    socket.write('220 sink ESMTP\r\n');
  }

  /** With a context until the client has begun TLS. */
  function converse(socket: Socket, tls?: SecureContext): void {
    const take = createDialogue((reply) => socket.writable && socket.write(reply), {
      extensions: tls ? STARTTLS_FIRST : AUTH_NOW,
      accept(raw) {
        const reply = (): void => {
          onMail(raw);
          socket.write('250 2.0.0 queued\r\n');
        };
        if (delay > 0) setTimeout(reply, delay);
        else reply();
      },
      quit: () => socket.end('221 2.0.0 bye\r\n'),
      secure() {
        socket.removeAllListeners('data');
        const secured = new TLSSocket(socket, { isServer: true, secureContext: tls });
        converse(secured.on('error', () => undefined));
      },
    });
    socket.on('data', (chunk) => take(chunk.toString('latin1')));
  }

  let server = await listen(serve, 0);
  const { port } = server.address() as AddressInfo;
  return {
    port,
    setDelay: (ms) => void (delay = ms),
    async close() {
      const closed = once(server, 'close');
      server.close();
      sockets.forEach((socket) => socket.destroy());
      await closed;
    },
    async open() {
      server = await listen(serve, port);
    },
  };
}

interface Dialogue {
  extensions: string;
  accept(raw: string): void;
  secure(): void;
  quit(): void;
}

function createDialogue(
  say: (reply: string) => void,
  { extensions, accept, secure, quit }: Dialogue,
) {
  let pending = '';
  let inBody = false;

  return function take(text: string): void {
    pending += text;
    for (;;) {
      const end = inBody ? END : '\r\n';
      const at = pending.indexOf(end);
      if (at === -1) return;
      const part = pending.slice(0, at);
      pending = pending.slice(at + end.length);
      if (inBody) {
        inBody = false;
        accept(part);
      } else answer(part.slice(0, 4).toUpperCase());
    }
  };

  function answer(command: string): void {
    if (command === 'QUIT') return quit();
    if (command === 'EHLO') return say(extensions);
    if (command === 'STAR') {
      say('220 2.0.0 go on\r\n');
      return secure();
    }
    if (command === 'AUTH') return say('235 2.7.0 ok\r\n');
    inBody = command === 'DATA';
    say(inBody ? '354 go on\r\n' : '250 2.0.0 ok\r\n');
  }
}

async function listen(serve: (socket: Socket) => void, port: number): Promise<Server> {
  const server = createServer(serve);
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return server;
}
