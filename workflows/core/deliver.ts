import type { Notification } from './decision';

/** A notification with its recipient's address and the time it became due (ISO 8601). */
export interface MailToSend extends Notification {
  to: string;
  date: string;
  /** 0 (or absent): the notification itself; n: the nth copy that somebody asked for after it. */
  copy?: number;
  /** The request that the run answers with it, empty before the first; absent in runs of before that. */
  request?: string;
}
