import type { RecipientAddress } from '../recipient/recipient-address';

export interface Mail {
  from: { name: string; address: string };
  replyTo: string;
  to: RecipientAddress['address'];
  smtpUtf8?: RecipientAddress['smtpUtf8'];
  subject: string;
  text: string;
  /** With angle brackets; the same for every attempt, so that mailboxes can collapse them. */
  messageId: string;
  date: Date;
}
