export interface Mail {
  from: { name: string; address: string };
  replyTo: string;
  to: string;
  subject: string;
  text: string;
  /** With angle brackets; the same for every attempt, so that mailboxes can collapse them. */
  messageId: string;
  date: Date;
}
