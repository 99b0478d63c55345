import { cancellationSignal } from '@temporalio/activity';
import { renderMail } from '../../../activities/mail/mail-template';
import { messageId } from '../../../activities/mail/message-id';
import type { Sender } from '../../../activities/mail/compose-mail';
import type { Mailer } from '../../../activities/send/mailer';
import type { RecipientDirectory } from '../../../activities/recipient/recipient-directory';
import type { TaskApi } from '../../../activities/task/task-api';

export type BaselineActivities = ReturnType<typeof createBaselineActivities>;

export interface BaselineDependencies {
  taskApi: TaskApi;
  recipients: RecipientDirectory;
  mailer: Mailer;
  sender: Sender;
}

interface BaselineMail {
  taskId: string;
  userId: string;
  fileName: string;
  emailCount: number;
  to: string;
}

/** Uses the clients of the service, so that only the design differs. Temporal retries every error. */
export function createBaselineActivities(deps: BaselineDependencies) {
  const { taskApi, recipients } = deps;
  return {
    async fetchTask(taskId: string) {
      const task = await taskApi.fetchTask(taskId, cancellationSignal());
      if ('fault' in task) throw new Error(task.message);
      const { userId = '', fileName = '', emailCount = 0 } = task;
      return { taskId, userId, fileName, emailCount };
    },
    async resolveRecipient(userId: string) {
      const found = await recipients.findAddresses(userId);
      const [address] = 'reason' in found ? [] : found;
      if (!address) throw new Error('the owner has no address');
      return address.text;
    },
    sendMail: (mail: BaselineMail) => sendBaselineMail(deps, mail, cancellationSignal()),
  };
}

/** Sends once and returns the relay's reply. */
export async function sendBaselineMail(
  { mailer, sender: { from, replyTo, templates } }: Pick<BaselineDependencies, 'mailer' | 'sender'>,
  mail: BaselineMail,
  stop: AbortSignal,
): Promise<string> {
  const outcome = 'completed';
  const date = new Date();
  const id = messageId({ ...mail, outcome, resend: 0 }, from.address);
  const { subject, text } = renderMail(templates, { ...mail, outcome });
  const composed = { from, replyTo, to: mail.to, subject, text, messageId: id, date };
  const { verdict, reply } = await mailer.send(composed, stop, () => Promise.resolve());
  if (verdict !== 'accepted') throw new Error(`${verdict}: ${reply}`);
  return reply;
}
