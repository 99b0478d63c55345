import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import type { Mailbox } from './mailbox';
import type { Listener } from '../network/listen-http';
import type { RelayScript, RelayStep } from './relay-script';

export interface SmtpListenerOptions {
  key: string;
  cert: string;
  username: string;
  password: string;
  smtpUtf8: boolean;
  mailbox: Mailbox;
  script: RelayScript;
  onConnection: () => void;
}

const reply = (responseCode: number, text: string) =>
  Object.assign(new Error(text), { responseCode });

const CUT = Symbol('connection cut');

/** The SMTP side of the relay: STARTTLS, then AUTH, then mail; each step as the script says. */
export async function listenSmtp(options: SmtpListenerOptions, port = 0): Promise<Listener> {
  const { mailbox, script } = options;
  // By the client's port, since smtp-server tells handlers the session, not the socket.
  const sockets = new Map<number, Socket>();
  let closing = false;

  const cut = (session: SMTPServerSession) => sockets.get(session.remotePort)?.destroy();

  /** The script's answer for this step: nothing, a reply, or a cut connection. */
  async function play(step: RelayStep, recipient?: string) {
    const answer = await script.play(step, recipient);
    if (closing) return CUT;
    if (!answer) return undefined;
    if ('drop' in answer) return CUT;
    return 'code' in answer ? reply(answer.code, answer.text) : undefined;
  }

  async function answerStep(
    step: RelayStep,
    session: SMTPServerSession,
    callback: (error?: Error | null) => void,
    usual: () => Error | undefined = () => undefined,
    recipient?: string,
  ) {
    const scripted = await play(step, recipient);
    if (scripted === CUT) cut(session);
    else callback(scripted ?? usual());
  }

  async function takeMail(stream: SMTPServerDataStream, session: SMTPServerSession) {
    const { mailFrom, rcptTo } = session.envelope;
    const raw = await buffer(stream);
    const scripted = await play('final-reply');
    // A relay that is killed before it answers has not queued the mail.
    if (closing) return CUT;
    if (scripted instanceof Error) return scripted;
    const queueId = randomBytes(5).toString('hex').toUpperCase();
    mailbox.keep({
      queueId,
      raw,
      envelope: {
        from: mailFrom ? mailFrom.address : '',
        to: rcptTo.map(({ address }) => address),
      },
      time: new Date(),
      tls: session.secure,
      user: String(session.user),
    });
    return scripted ?? `2.0.0 Ok: queued as ${queueId}`;
  }

  const server = new SMTPServer({
    name: 'localhost',
    banner: 'sandbox relay',
    key: options.key,
    cert: options.cert,
    hideSMTPUTF8: !options.smtpUtf8,
    authMethods: ['PLAIN', 'LOGIN'],
    authRequiredMessage: '5.7.0 Authentication required',
    disableReverseLookup: true,
    logger: false,

    onConnect(session, callback) {
      // As real relays do: AUTH is neither offered nor taken before STARTTLS.
      session.disabledCommands = ['AUTH'];
      void answerStep('greeting', session, callback);
    },
    onSecure(socket, session, callback) {
      session.disabledCommands = [];
      sockets.set(session.remotePort, socket);
      callback();
    },
    onAuth({ username, password }, session, callback) {
      const known = username === options.username && password === options.password;
      void answerStep(
        'auth',
        session,
        (error) => callback(error, { user: username }),
        () => (known ? undefined : reply(535, '5.7.8 Authentication credentials invalid')),
      );
    },
    onMailFrom(_address, session, callback) {
      void answerStep('mail-from', session, callback, () =>
        session.secure ? undefined : reply(530, '5.7.0 Must issue a STARTTLS command first'),
      );
    },
    onRcptTo({ address }, session, callback) {
      void answerStep('rcpt-to', session, callback, undefined, address);
    },
    onData(stream, session, callback) {
      takeMail(stream, session).then(
        (answer) => {
          if (answer === CUT) cut(session);
          else if (answer instanceof Error) callback(answer);
          else callback(null, answer);
        },
        // The client left in the middle of the body.
        () => {},
      );
    },
    onClose(session) {
      sockets.delete(session.remotePort);
    },
  });
  // Clients that break off are what this relay is for.
  server.on('error', () => {});
  server.server.on('connection', (socket) => {
    sockets.set(socket.remotePort ?? 0, socket);
    options.onConnection();
  });
  server.listen(port, '127.0.0.1');
  await once(server.server, 'listening');

  return {
    port: (server.server.address() as AddressInfo).port,
    async close() {
      closing = true;
      const closed = once(server.server, 'close');
      server.close();
      script.interrupt();
      sockets.forEach((socket) => socket.destroy());
      await closed;
    },
  };
}
