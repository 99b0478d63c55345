import { createHash } from 'node:crypto';
import type { SendMailOptions } from 'nodemailer';
import type { Mail } from '../../../activities/mail/mail';
import { subjectHeader } from './subject-header';

/** The message for nodemailer: one recipient, and the same bytes every time it is composed. */
export function mailMessage(mail: Mail): SendMailOptions {
  return {
    from: mail.from,
    replyTo: mail.replyTo,
    to: { name: '', address: mail.to },
    envelope: { from: mail.from.address, to: [mail.to] },
    messageId: mail.messageId,
    date: mail.date,
    baseBoundary: createHash('sha256').update(mail.messageId).digest('hex').slice(0, 16),
    headers: {
      Subject: subjectHeader(mail.subject),
      'Auto-Submitted': 'auto-generated',
      // Not `All`, which would also suppress non-delivery reports.
      'X-Auto-Response-Suppress': 'OOF, AutoReply',
    },
    text: mail.text,
  };
}
