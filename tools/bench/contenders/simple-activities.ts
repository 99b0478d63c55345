import { cancellationSignal } from '@temporalio/activity';
import { renderMail } from '../../../activities/mail/mail-template';
import { messageId } from '../../../activities/mail/message-id';
import type { Sender } from '../../../activities/mail/compose-mail';
import type { RecipientDirectory } from '../../../activities/recipient/recipient-directory';
import type { TaskApi } from '../../../activities/task/task-api';
import type { PooledTransport } from './pooled-transport';

export type SimpleActivities = ReturnType<typeof createSimpleActivities>;

export interface SimpleDependencies {
  taskApi: TaskApi;
  recipients: RecipientDirectory;
  transport: PooledTransport;
  sender: Sender;
}

interface SimpleMail {
  taskId: string;
  userId: string;
  fileName: string;
  emailCount: number;
  to: string;
}

/** Uses the look-ups of the service, so that only the design differs. Temporal retries every error. */
export function createSimpleActivities(deps: SimpleDependencies) {
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
    sendMail: (mail: SimpleMail) => sendSimpleMail(deps, mail),
  };
}

/** Sends once and returns the relay's reply. */
export async function sendSimpleMail(
  {
    transport,
    sender: { from, replyTo, templates },
  }: Pick<SimpleDependencies, 'transport' | 'sender'>,
  mail: SimpleMail,
): Promise<string> {
  const outcome = 'completed';
  const id = messageId({ ...mail, outcome, resend: 0 }, from.address);
  const { subject, text } = renderMail(templates, { ...mail, outcome });
  const composed = { from, replyTo, to: mail.to, subject, text, messageId: id };
  const { response } = await transport.sendMail(composed);
  return response;
}
