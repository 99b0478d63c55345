import MailComposer from 'nodemailer/lib/mail-composer';
import type { Mail } from '../../../activities/mail/mail';
import { mailMessage } from './mail-message';

export interface ComposedMessage {
  /** With the domains in ASCII. */
  envelope: { from: string; to: string[] };
  /** The bytes that a relay gets, before dots are stuffed. */
  bytes: Buffer;
}

/** The same bytes every time, however often the mail is sent. */
export async function composeMessage(mail: Mail): Promise<ComposedMessage> {
  const message = new MailComposer({
    ...mailMessage(mail),
    ...{ newline: 'windows', disableFileAccess: true, disableUrlAccess: true },
  }).compile();
  const { from, to } = message.getEnvelope();
  return { envelope: { from: from || '', to }, bytes: await message.build() };
}
