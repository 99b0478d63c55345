import type { MailToSend } from '../../workflows/core/deliver';

/**
 * With angle brackets (RFC 5322 §3.6.4). The same for every attempt of one copy, so that mailboxes
 * can collapse what arrives twice; another for a copy that somebody asked for.
 */
export function messageId(
  { taskId, outcome, copy = 0 }: Pick<MailToSend, 'taskId' | 'outcome' | 'copy'>,
  from: string,
): string {
  const domain = from.slice(from.lastIndexOf('@') + 1);
  return `<bulk.${taskId}.${outcome}${copy > 0 ? `.${copy}` : ''}@${domain}>`;
}
