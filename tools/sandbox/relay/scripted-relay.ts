import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { createSecureContext, TLSSocket } from 'node:tls';
import { listenTcp } from '../network/listen-tcp';
import { createSmtpReader } from './smtp-reader';

/** One action of the relay after a command. */
export type Move =
  | { say: string }
  /** Sent without a line end. */
  | { raw: string }
  /** Sent every 10 ms until the connection ends. */
  | { trickle: string }
  /** Milliseconds before the next move. */
  | { wait: number }
  | { until: Promise<void> }
  | 'close'
  | 'reset'
  /** Stops reading. */
  | 'stall'
  /** Ignores everything that it reads. */
  | 'hang'
  /** Begins the TLS handshake. */
  | 'secure';

export type Moves = Move | Move[];

interface Offer {
  extensions?: string[];
}

/** The differences to a relay that takes everything. `body` is played at the first bytes after a 354. */
export type FixedScript = Partial<Record<Moment, Moves>> & Offer;

/**
 * A function receives what the client sent: the command, or at the `dot` the message; undefined is the
 * usual answer.
 */
export type Script = Partial<Record<Moment, Moves | ((said: string) => Moves | undefined)>> & Offer;

export type Moment =
  | 'connect'
  | 'ehlo'
  | 'helo'
  | 'starttls'
  | 'ehloSecured'
  | 'auth'
  | 'authAnswer'
  | 'mail'
  | 'rcpt'
  | 'data'
  | 'body'
  | 'dot'
  | 'rset'
  | 'quit';

interface RelayOptions {
  certificate?: { key: string; cert: string };
  onCommand?: (line: string) => void;
}

const USUAL: Partial<Record<Moment, Moves>> = {
  connect: { say: '220 relay.example ESMTP' },
  helo: { say: '250 relay.example' },
  starttls: [{ say: '220 go ahead' }, 'secure'],
  auth: { say: '235 2.7.0 authenticated' },
  authAnswer: { say: '235 2.7.0 authenticated' },
  mail: { say: '250 2.1.0 sender ok' },
  rcpt: { say: '250 2.1.5 recipient ok' },
  data: { say: '354 end with a dot' },
  dot: { say: '250 2.0.0 queued as 4711' },
  rset: { say: '250 2.0.0 ok' },
  quit: { say: '221 2.0.0 bye' },
};

/** A relay that breaks the dialogue as scripted: by one script, or by one for each connection. */
export async function startScriptedRelay(
  script: Script | (() => Script),
  { certificate, onCommand = () => {} }: RelayOptions = {},
) {
  const seen = { connections: 0, commands: [] as string[], messages: [] as string[] };
  const secureContext = certificate && createSecureContext(certificate);

  function converse(script: Script, socket: Socket, plain = socket): void {
    const secured = socket !== plain;
    const reader = createSmtpReader({
      onCommand: command,
      onBody: (bytes) => void play('body', bytes),
      onMessage(message) {
        seen.messages.push(message);
        void play('dot', message);
      },
    });
    socket.setEncoding('latin1').on('error', () => {});
    socket.on('data', (bytes: string) => reader.read(bytes));
    if (!secured) void play('connect');

    async function play(moment: Moment, said = '', usual = USUAL[moment] ?? []): Promise<void> {
      const scripted = script[moment];
      const moves = typeof scripted === 'function' ? scripted(said) : scripted;
      for (const move of [moves ?? usual].flat()) {
        if (move === 'close') socket.end();
        else if (move === 'reset') plain.resetAndDestroy();
        else if (move === 'stall') socket.pause();
        else if (move === 'hang') reader.stop();
        else if (move === 'secure') secure();
        else if ('trickle' in move) trickle(socket, move.trickle);
        else if ('until' in move) await move.until;
        else if ('wait' in move) await delay(move.wait, undefined, { ref: false });
        else send(moment, 'say' in move ? `${move.say}\r\n` : move.raw);
      }
    }

    function send(moment: Moment, text: string): void {
      socket.write(text);
      // At DATA, it may come behind the replies to commands before it.
      if (text.startsWith('354') || (moment === 'data' && text.includes('\n354'))) {
        reader.expectMessage();
      }
    }

    function greet(line: string): void {
      const lines = ['relay.example', 'AUTH PLAIN LOGIN', ...(script.extensions ?? [])];
      if (certificate && !secured) lines.push('STARTTLS');
      const last = lines.length - 1;
      const reply = lines.map((line, i) => `250${i < last ? '-' : ' '}${line}`).join('\r\n');
      void play(secured && script.ehloSecured ? 'ehloSecured' : 'ehlo', line, { say: reply });
    }

    function command(line: string): void {
      seen.commands.push(line);
      onCommand(line);
      const verb = line.split(' ', 1).join('').toLowerCase();
      if (verb === 'ehlo') greet(line);
      else void play(verb in USUAL ? (verb as Moment) : 'authAnswer', line);
    }

    function secure(): void {
      if (!secureContext) throw new Error('this relay has no certificate');
      reader.stop();
      socket.removeAllListeners('data');
      converse(script, new TLSSocket(socket, { isServer: true, secureContext }), socket);
    }
  }

  const server = await listenTcp((socket) => {
    seen.connections++;
    converse(typeof script === 'function' ? script() : script, socket);
  });
  return { ...server, seen };
}

function trickle(socket: Socket, text: string): void {
  const timer = setInterval(() => socket.write(text), 10);
  socket.on('close', () => clearInterval(timer));
}
