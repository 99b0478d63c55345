import type { Socket } from 'node:net';
import { createSecureContext, type SecureContext, TLSSocket } from 'node:tls';
import { listenTcp } from '../../sandbox/network/listen-tcp';
import { reservePort } from '../../sandbox/network/reserve-port';
import { createSmtpReader } from '../../sandbox/relay/smtp-reader';

/** Since the start. */
export interface SinkCounts {
  connections: number;
  /** TLS handshakes that succeeded. */
  handshakes: number;
  mails: number;
}

export interface SmtpSink {
  port: number;
  counts(): SinkCounts;
  /** Delay of the reply to the final dot. */
  setDelay(ms: number): void;
  /** Refuses connections from now on. */
  close(): Promise<void>;
  /** Accepts mail again, on the same port. */
  open(): Promise<void>;
}

/** What Postfix, Exim and the large providers offer. */
const EXTENSIONS = '250-sink\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n';
/** Like real relays: no AUTH before STARTTLS. */
const STARTTLS_FIRST = `${EXTENSIONS}250 STARTTLS\r\n`;
const AUTH_NOW = `${EXTENSIONS}250 AUTH PLAIN\r\n`;

/**
 * A relay with minimal overhead, which accepts every mail and keeps none. With a certificate it
 * requires STARTTLS. The module smtp-server would wait 100 ms before each greeting.
 */
export async function startSmtpSink(
  onMail: (raw: string) => void,
  certificate?: { key: string; cert: string },
): Promise<SmtpSink> {
  const secureContext = certificate && createSecureContext(certificate);
  const counts: SinkCounts = { connections: 0, handshakes: 0, mails: 0 };
  let delayMs = 0;

  /** `tls`: before STARTTLS. */
  function converse(socket: Socket, tls?: SecureContext): void {
    const say = (reply: string) => void (socket.writable && socket.write(reply));

    function accept(message: string): void {
      counts.mails += 1;
      onMail(message);
      say('250 2.0.0 queued\r\n');
    }

    function secure(): void {
      reader.stop();
      socket.removeAllListeners('data');
      const secured = new TLSSocket(socket, { isServer: true, secureContext: tls });
      secured.once('secure', () => (counts.handshakes += 1));
      converse(secured.on('error', () => undefined));
    }

    function answer(line: string): void {
      switch (line.slice(0, 4).toUpperCase()) {
        case 'EHLO':
          return say(tls ? STARTTLS_FIRST : AUTH_NOW);
        case 'STAR':
          say('220 2.0.0 go on\r\n');
          return secure();
        case 'AUTH':
          return say('235 2.7.0 ok\r\n');
        case 'DATA':
          reader.expectMessage();
          return say('354 go on\r\n');
        case 'QUIT':
          return void socket.end('221 2.0.0 bye\r\n');
        default:
          say('250 2.0.0 ok\r\n');
      }
    }

    const reader = createSmtpReader({
      onCommand: answer,
      onMessage: (message) =>
        delayMs > 0 ? void setTimeout(accept, delayMs, message) : accept(message),
    });
    socket.setEncoding('latin1').on('data', (bytes: string) => reader.read(bytes));
  }

  const open = (port: number) =>
    listenTcp((socket) => {
      counts.connections += 1;
      converse(socket, secureContext);
      socket.write('220 sink ESMTP\r\n');
    }, port);

  // Reserved, since it is closed for a while and opened again.
  let server = await open(await reservePort());
  return {
    port: server.port,
    counts: () => ({ ...counts }),
    setDelay: (ms) => void (delayMs = ms),
    close: () => server.close(),
    async open() {
      server = await open(server.port);
    },
  };
}
