import { createTransport } from 'nodemailer';
import type { Mail } from '../../../activities/mail/mail';
import { mailMessage } from './mail-message';

/** The bytes that a relay would get for the mail, before dots are stuffed. */
export async function composeMessage(mail: Mail): Promise<Buffer> {
  const transporter = createTransport({
    ...{ streamTransport: true, buffer: true, newline: 'windows' },
    ...{ disableFileAccess: true, disableUrlAccess: true },
  });
  const { message } = await transporter.sendMail(mailMessage(mail));
  return message as Buffer;
}
