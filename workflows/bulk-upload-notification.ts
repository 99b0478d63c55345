import { proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { Activities } from '../activities';
import { durableSend } from './activity-options';
import { handOver } from './hand-over';
import { identity } from './identity';
import { lookUp } from './look-up';
import type { BulkUploadEvent, NotificationStatus } from './messages';
import { toNotification } from './notification';
import { createProgress } from './progress';

/** Owes the owner of an upload one mail, until it is sent or a person has to act. */
export async function bulkUploadNotification(event: BulkUploadEvent): Promise<NotificationStatus> {
  const { outcome } = identity(event);
  const { begin, learn, settle } = createProgress(event, outcome);

  begin('fetching the task');
  const task = await lookUp.fetchTask(event.taskId);
  if ('reason' in task) return settle(task);
  learn(task);
  const notification = toNotification(event, task);
  if (notification.outcome && notification.outcome !== outcome) {
    return settle(await handOver(event, notification.outcome));
  }
  if ('reason' in notification) return settle({ reason: notification.reason });
  learn(notification);

  begin('resolving the recipient');
  const recipient = await lookUp.resolveRecipient(notification.userId);
  if ('reason' in recipient) return settle(recipient);

  begin('sending the mail');
  const priority = { fairnessKey: notification.userId };
  const { sendMail } = proxyActivities<Activities>({ ...durableSend, priority });
  const date = workflowInfo().startTime.toISOString();
  const sent = await sendMail({ ...notification, to: recipient.address, date });
  return sent.verdict === 'accepted'
    ? settle({ state: 'sent', relayReply: sent.reply })
    : settle({ reason: 'refused', relayReply: sent.reply });
}
