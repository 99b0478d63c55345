import { patched, workflowInfo } from '@temporalio/workflow';
import type { FirstTry } from '../../activities/notify-at-once';
import type { Recipient } from '../../activities/recipient/resolve-recipient';
import type { Deferral, SettledSend } from '../../activities/send/send-attempt';
import type { BulkUploadEvent } from '../core/event';
import type { MailToSend } from '../core/deliver';
import type { Outcome } from '../core/outcome';
import type { RequestedResend } from '../../activities/ledger';
import { handOver } from './hand-over';
import type { Hurry } from './hurry';
import { durably, quickThenDurably, recordShowing } from './look-up';
import type { NotificationOptions } from './messages';
import { toNotification } from '../core/decision';
import type { Progress, Settlement } from './progress';
import { type Reason, reasons } from '../core/reasons';
import { notifyAtOnce, sendAtOnceThenDurably, sendDurably } from './send';

interface DeliveryOptions {
  event: BulkUploadEvent;
  outcome: Outcome;
  options: NotificationOptions;
  progress: Progress;
  hurry: Hurry;
  /** How many requests the run has recorded: the ledger refuses what comes after a later one. */
  recordedRequests: () => number;
}

/** Makes one copy of the notification arrive at the relay, or finds out why it cannot. */
export function createDelivery({
  event,
  outcome,
  options,
  progress,
  hurry,
  recordedRequests,
}: DeliveryOptions) {
  const { begin, learn, showTrouble } = progress;
  const inLedger = recordShowing(showTrouble);

  return async function deliver(requested: RequestedResend): Promise<void> {
    const { resend: copy } = requested;
    const known = withKnown(event, requested);
    const first = options.atOnce && copy === 0 ? await tryAtOnce(known) : undefined;
    const lookUp = first ? durably : quickThenDurably;

    begin('fetching the task', copy, first?.trouble);
    const notification =
      sentBefore(event, outcome, requested) ??
      decide(
        known,
        first?.task ??
          (await lookUp((it) => it.fetchTask(event.taskId, event.isVerified), hurry, showTrouble)),
      );
    if (notification.outcome && notification.outcome !== outcome) {
      return progress.settle(await handOver(event, notification.outcome, options));
    }
    if ('reason' in notification) return settleUnsent(notification.reason);
    learn(notification);

    begin('resolving the recipient', copy, first?.trouble);
    const recipient =
      first?.recipient ??
      (await lookUp((it) => it.resolveRecipient(notification.userId), hurry, showTrouble));
    if ('reason' in recipient) return settleUnsent(recipient.reason);

    begin('sending the mail', copy, first?.trouble ?? deferralOf(first?.sent));
    const date = copy === 0 ? workflowInfo().startTime : new Date();
    const mail = { ...notification, to: recipient.address, date: date.toISOString(), copy };
    const sent = await send(mail, recipient, first);
    const { unrecorded } = sent;
    if (unrecorded) await inLedger((it) => it.recordSettlement(unrecorded));
    // The request that came meanwhile is there to be taken.
    if (sent.verdict !== 'superseded') progress.settle(toSettlement(sent.verdict, sent.reply));
  };

  function tryAtOnce(known: BulkUploadEvent): Promise<FirstTry> {
    begin('trying everything once', 0);
    const date = workflowInfo().startTime.toISOString();
    return hurry(() => notifyAtOnce(known, outcome, date, recordedRequests()));
  }

  function decide(known: BulkUploadEvent, task: NonNullable<FirstTry['task']>) {
    if ('reason' in task) return { ...task, outcome: undefined };
    learn(task);
    return toNotification(known, task);
  }

  /** What the first try began is gone on with; a request begins anew. */
  function send(
    mail: Omit<MailToSend, 'recordedRequests'>,
    { atOnce }: Recipient,
    first?: FirstTry,
  ) {
    const tried = first?.sent;
    if (tried && 'verdict' in tried) return tried;
    return hurry((again) => {
      const attempt = { ...mail, recordedRequests: recordedRequests() };
      if (first && !again) return sendDurably(attempt, tried);
      return atOnce ? sendAtOnceThenDurably(attempt, showTrouble) : sendDurably(attempt);
    });
  }

  /** A run that was reset may have sent the mail before, whatever the look-ups say now. */
  async function settleUnsent(reason: Reason): Promise<void> {
    const stands =
      reasons[reason].state === 'parked' && parksInLedger()
        ? await inLedger((it) => it.recordParked(reason, recordedRequests()))
        : undefined;
    progress.settle(stands ? toSettlement(stands.verdict, stands.reply) : { reason });
  }

  /**
   * Runs of the first version had no ledger, those after it asked `patched`, which a query can make
   * forget its answer: it divides the workflow task between an activity's result and what follows,
   * and a replay does not find the marker.
   */
  function parksInLedger(): boolean {
    return options.parksInLedger ?? patched('ledger');
  }
}

function deferralOf(sent: FirstTry['sent']): Deferral | undefined {
  return sent && 'delayMs' in sent ? sent : undefined;
}

/** A copy of what was sent says the same; only the recipient's address is looked up again. */
function sentBefore({ taskId }: BulkUploadEvent, outcome: Outcome, requested: RequestedResend) {
  const { resend, userId, fileName, emailCount } = requested;
  if (resend === 0 || !userId || !fileName || emailCount === undefined) return undefined;
  return { taskId, outcome, userId, fileName, emailCount };
}

/** A run that was started for a resend has no webhook to fall back on, but the ledger may know. */
function withKnown(
  event: BulkUploadEvent,
  { userId, emailCount }: RequestedResend,
): BulkUploadEvent {
  const { stats } = event;
  return {
    ...event,
    userId: event.userId ?? userId,
    stats: { ...stats, total: stats.total ?? emailCount },
  };
}

function toSettlement(
  verdict: Exclude<SettledSend['verdict'], 'superseded'>,
  relayReply: string,
): Settlement {
  switch (verdict) {
    case 'accepted':
      return { state: 'sent', relayReply };
    case 'assumed':
      return { state: 'sent', relayReply, assumed: true };
    default:
      return { reason: verdict, relayReply };
  }
}
