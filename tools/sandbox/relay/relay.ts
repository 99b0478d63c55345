import { createCertificate } from './certificate';
import { startInbox } from './inbox';
import type { Listener } from '../network/listen-http';
import { onFreePorts } from '../network/on-free-ports';
import { createMailbox, type Mailbox, type ReceivedMail } from './mailbox';
import { createRelayScript, type RelayScript } from './relay-script';
import { listenSmtp } from './smtp-listener';

export interface RelayOptions {
  username?: string;
  password?: string;
  /** Whether SMTPUTF8 is offered; true by default. */
  smtpUtf8?: boolean;
}

export interface Relay
  extends Pick<Mailbox, 'waitForMail'>, Pick<RelayScript, 'answer' | 'answerNormally' | 'hold'> {
  host: string;
  port: number;
  username: string;
  password: string;
  /** PEM of the certificate to trust; there while the relay runs. */
  caFile: string;
  inboxUrl: string;
  /** Oldest first; kept over `stop` and `start`. */
  received: ReceivedMail[];
  /** How many there have been. */
  connections: () => number;
  /** Cuts all connections and closes everything; what was not answered is not in the inbox. */
  stop: () => Promise<void>;
  /** Opens again on the same ports, with the same certificate and inbox. */
  start: () => Promise<void>;
}

/** A mail relay that wants STARTTLS and AUTH, delivers nothing and shows all in a web inbox. */
export async function startRelay({
  username = 'sandbox',
  password = 'sandbox-password',
  smtpUtf8 = true,
}: RelayOptions = {}): Promise<Relay> {
  const certificate = await createCertificate();
  const mailbox = createMailbox();
  const script = createRelayScript();
  let listeners: Listener[] = [];
  let connections = 0;
  const onConnection = () => void (connections += 1);

  async function open(smtpPort: number, inboxPort: number) {
    certificate.write();
    const { key, cert } = certificate;
    const smtp = await listenSmtp(
      { key, cert, username, password, smtpUtf8, mailbox, script, onConnection },
      smtpPort,
    );
    listeners = [smtp];
    const inbox = await startInbox(mailbox.received, inboxPort);
    listeners = [smtp, inbox];
  }

  async function stop() {
    certificate.remove();
    await Promise.all(listeners.splice(0).map((listener) => listener.close()));
  }

  const [smtpPort, inboxPort] = await onFreePorts([undefined, undefined], async (ports) => {
    const [smtp, inbox] = ports as [number, number];
    await open(smtp, inbox).catch(async (error: unknown) => {
      await stop();
      throw error;
    });
    return [smtp, inbox] as const;
  });

  return {
    host: 'localhost',
    port: smtpPort,
    username,
    password,
    caFile: certificate.caFile,
    inboxUrl: `http://127.0.0.1:${inboxPort}/`,
    received: mailbox.received,
    connections: () => connections,
    waitForMail: mailbox.waitForMail,
    answer: script.answer,
    answerNormally: script.answerNormally,
    hold: script.hold,
    stop,
    async start() {
      if (listeners.length === 0) await open(smtpPort, inboxPort);
    },
  };
}
