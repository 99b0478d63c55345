import { patched, workflowInfo } from '@temporalio/workflow';
import type { SettledSend } from '../activities/send-attempt';
import type { MailToSend, Outcome, RequestedCopy } from '../activities/types';
import { handOver } from './hand-over';
import type { Hurry } from './hurry';
import { quickThenDurable } from './look-up';
import type { BulkUploadEvent, NotificationOptions } from './messages';
import { type Decision, toNotification } from './notification';
import type { Progress, Settlement } from './progress';
import { type Reason, reasons } from './reasons';
import { sendAtOnceThenDurably, sendDurably } from './send';

interface DeliveryOptions {
  event: BulkUploadEvent;
  outcome: Outcome;
  options: NotificationOptions;
  progress: Progress;
  hurry: Hurry;
}

/** Makes one copy of the notification arrive at the relay, or finds out why it cannot. */
export function createDelivery({ event, outcome, options, progress, hurry }: DeliveryOptions) {
  const { begin, learn } = progress;

  return async function deliver(requested: RequestedCopy): Promise<void> {
    begin('fetching the task', requested.copy);
    const notification = sentBefore(event, outcome, requested) ?? (await decide(requested));
    if (notification.outcome && notification.outcome !== outcome) {
      return progress.settle(await handOver(event, notification.outcome, options));
    }
    if ('reason' in notification) return settleUnsent(notification.reason);
    learn(notification);

    begin('resolving the recipient', requested.copy);
    const recipient = await quickThenDurable(
      (activities) => activities.resolveRecipient(notification.userId),
      hurry,
    );
    if ('reason' in recipient) return settleUnsent(recipient.reason);

    begin('sending the mail', requested.copy);
    const date = requested.copy === 0 ? workflowInfo().startTime : new Date();
    const { copy } = requested;
    const mail = { ...notification, to: recipient.address, date: date.toISOString(), copy };
    progress.settle(toSettlement(await send(mail, recipient.atOnce)));
  };

  async function decide(
    requested: RequestedCopy,
  ): Promise<Decision | { reason: Reason; outcome?: Outcome }> {
    const task = await quickThenDurable((activities) => activities.fetchTask(event.taskId), hurry);
    if ('reason' in task) return task;
    learn(task);
    return toNotification(withKnown(event, requested), task);
  }

  async function send(mail: MailToSend, atOnce?: true): Promise<SettledSend> {
    const sent = await hurry(() => (atOnce ? sendAtOnceThenDurably(mail) : sendDurably(mail)));
    const { unrecorded } = sent;
    if (unrecorded) {
      await quickThenDurable((activities) => activities.recordSettlement(unrecorded));
    }
    return sent;
  }

  async function settleUnsent(reason: Reason): Promise<void> {
    // Runs of the first version had no ledger.
    if (reasons[reason].state === 'parked' && patched('ledger')) {
      await quickThenDurable((activities) => activities.recordParked(reason));
    }
    progress.settle({ reason });
  }
}

/** A copy of what was sent says the same; only the recipient's address is looked up again. */
function sentBefore({ taskId }: BulkUploadEvent, outcome: Outcome, requested: RequestedCopy) {
  const { copy, userId, fileName, emailCount } = requested;
  if (copy === 0 || !userId || !fileName || emailCount === undefined) return undefined;
  return { taskId, outcome, userId, fileName, emailCount };
}

/** A run that was started for a resend has no webhook to fall back on, but the ledger may know. */
function withKnown(event: BulkUploadEvent, { userId, emailCount }: RequestedCopy): BulkUploadEvent {
  const { stats } = event;
  return {
    ...event,
    userId: event.userId ?? userId,
    stats: { ...stats, total: stats.total ?? emailCount },
  };
}

function toSettlement({ verdict, reply: relayReply }: SettledSend): Settlement {
  switch (verdict) {
    case 'accepted':
      return { state: 'sent', relayReply };
    case 'assumed':
      return { state: 'sent', relayReply, assumed: true };
    case 'duplicate':
      return { reason: 'duplicate_or_not_recorded', relayReply };
    default:
      return { reason: verdict, relayReply };
  }
}
