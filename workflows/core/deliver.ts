import type { AttemptSettlement } from '../../activities/ledger';
import { decide, type Notification, type Task } from './decision';
import type { BulkUploadEvent } from './event';
import type { Outcome } from './outcome';
import type { ParkReason, Reason } from './reasons';

/** One mail to deliver, with all that its steps need to know. Times are ISO 8601. */
export interface Delivery {
  event: BulkUploadEvent;
  outcome: Outcome;
  /** 0: the notification itself; n: its nth resend. */
  resend: number;
  /** A bulk resend requested it: it lets other mails pass. */
  isBulk: boolean;
  /** What the ledger knows of the notification from the mails before this one. */
  known: Partial<Pick<Notification, 'userId' | 'fileName' | 'emailCount'>>;
  /** Requests of this run that the ledger has, up to the one that this delivery answers. */
  recordedRequests: number;
  /** GIVE_UP_AFTER is counted from here, over all steps. */
  startedAt: string;
  /** The `Date` of the mail. */
  mailDate: string;
}

export interface MailToSend
  extends Notification, Pick<Delivery, 'resend' | 'recordedRequests' | 'startedAt' | 'mailDate'> {}

/** Why there is no mail to send, or none can be sent. */
export interface Unsent {
  reason: Reason;
}

/** Where the recipient's address was found. The address itself never enters Temporal. */
export interface Recipient {
  source: 'profile' | 'account';
}

/**
 * How a send ended for good, by this run or by an earlier one (a reset, a restart). `assumed`: no
 * reply is known, and the policy is to assume that the mail was sent. `superseded`: the run has
 * recorded a request that this delivery does not answer.
 */
export interface SettledSend {
  verdict: 'accepted' | 'assumed' | 'superseded' | ParkReason;
  reply: string;
  /** What the ledger could not be told. */
  unrecorded?: AttemptSettlement;
}

/** How a step ends is up to the caller: a step that rejects ends the delivery. */
export interface DeliverySteps {
  fetchTask(): Promise<Task | Unsent>;
  resolveRecipient(notification: Notification): Promise<Recipient | Unsent>;
  send(mail: MailToSend): Promise<SettledSend | Unsent>;
}

export type DeliveryResult = SettledSend | Unsent | { handOverTo: Outcome };

/** The order of a delivery's steps, whoever takes them: task, decision, recipient, mail, send. */
export async function deliver(delivery: Delivery, steps: DeliverySteps): Promise<DeliveryResult> {
  const { outcome, resend, recordedRequests, startedAt, mailDate } = delivery;
  const decision = sentBefore(delivery) ?? (await decideByTask(delivery, steps));
  if (decision.outcome && decision.outcome !== outcome) return { handOverTo: decision.outcome };
  if ('reason' in decision) return { reason: decision.reason };
  const recipient = await steps.resolveRecipient(decision);
  if ('reason' in recipient) return recipient;
  return steps.send({ ...decision, resend, recordedRequests, startedAt, mailDate });
}

/** A resend says what the mail before it said; only the recipient's address is looked up again. */
function sentBefore({ event, outcome, resend, known }: Delivery): Notification | undefined {
  const { userId, fileName, emailCount } = known;
  if (resend === 0 || !userId || !fileName || emailCount === undefined) return undefined;
  return { taskId: event.taskId, outcome, userId, fileName, emailCount };
}

async function decideByTask({ event, known }: Delivery, steps: DeliverySteps) {
  const task = await steps.fetchTask();
  return 'reason' in task ? { ...task, outcome: undefined } : decide(withKnown(event, known), task);
}

/** A run without a webhook has nothing else to fall back on where the provider is silent. */
function withKnown(event: BulkUploadEvent, { userId, emailCount }: Delivery['known']) {
  const { stats } = event;
  return {
    ...event,
    userId: event.userId ?? userId,
    stats: { ...stats, total: stats.total ?? emailCount },
  };
}
