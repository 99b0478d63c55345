import type { MailToSend } from '../../workflows/core/deliver';

/**
 * With angle brackets (RFC 5322 §3.6.4). The same for every attempt of one resend number, so that
 * mailboxes can collapse what arrives twice; a resend that was requested has its own.
 */
export function messageId(
  { taskId, outcome, resend }: Pick<MailToSend, 'taskId' | 'outcome' | 'resend'>,
  from: string,
): string {
  const domain = from.slice(from.lastIndexOf('@') + 1);
  return `<bulk.${taskId}.${outcome}${resend > 0 ? `.${resend}` : ''}@${domain}>`;
}
