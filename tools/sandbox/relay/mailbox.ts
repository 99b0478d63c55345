import { EventEmitter } from 'node:events';

/** A mail as the relay took it. */
export interface ReceivedMail {
  /** The id in the relay's 250 reply. */
  queueId: string;
  /** The bytes after dot-unstuffing, without the final dot. */
  raw: Buffer;
  envelope: { from: string; to: string[] };
  time: Date;
  tls: boolean;
  /** The user that had authenticated. */
  user: string;
}

export interface Mailbox {
  received: ReceivedMail[];
  keep: (mail: ReceivedMail) => void;
  /**
   * The first mail that matches, or the nth one for a number; mails that are already there count.
   * Rejects when the time is up.
   */
  waitForMail: (
    match: number | ((mail: ReceivedMail) => boolean),
    timeoutMs?: number,
  ) => Promise<ReceivedMail>;
}

export function createMailbox(): Mailbox {
  const received: ReceivedMail[] = [];
  const arrivals = new EventEmitter().setMaxListeners(0);

  return {
    received,
    keep(mail) {
      received.push(mail);
      arrivals.emit('mail');
    },
    waitForMail(match, timeoutMs = 60_000) {
      const find = () =>
        typeof match === 'number' ? received[match - 1] : received.find((mail) => match(mail));
      return new Promise((resolve, reject) => {
        const look = () => {
          const mail = find();
          if (!mail) return;
          settle();
          resolve(mail);
        };
        const timer = setTimeout(() => {
          settle();
          const wanted = typeof match === 'number' ? `mail number ${match}` : 'a matching mail';
          reject(new Error(`no ${wanted} in ${timeoutMs} ms; ${received.length} received`));
        }, timeoutMs);
        const settle = () => {
          clearTimeout(timer);
          arrivals.off('mail', look);
        };
        arrivals.on('mail', look);
        look();
      });
    },
  };
}
