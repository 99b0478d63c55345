import type { MailToSend } from '../../workflows/core/deliver';
import type { RecipientAddress } from '../recipient/recipient-address';
import type { Mail } from './mail';
import { type MailTemplates, renderMail } from './mail-template';
import { messageId } from './message-id';

export interface Sender {
  from: { name: string; address: string };
  replyTo: string;
  templates: MailTemplates;
}

export type MailContent = Pick<
  MailToSend,
  'taskId' | 'outcome' | 'fileName' | 'emailCount' | 'resend' | 'mailDate'
>;

/** The mail of a notification, the same for every attempt of one resend number. */
export function composeMail(
  content: MailContent,
  { address: to, smtpUtf8 }: RecipientAddress,
  { from, replyTo, templates }: Sender,
): Mail {
  return {
    ...{ from, replyTo, to, smtpUtf8 },
    ...renderMail(templates, content),
    messageId: messageId(content, from.address),
    date: new Date(content.mailDate),
  };
}
