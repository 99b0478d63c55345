import type { Notification } from './decision';

/** A notification with its recipient's address and the time it became due (ISO 8601). */
export interface MailToSend extends Notification {
  to: string;
  date: string;
  /** 0 (or absent): the notification itself; n: the nth copy that somebody asked for after it. */
  copy?: number;
  /** Requests of this run that the ledger has, up to the one that the mail answers. */
  recordedRequests: number;
}
