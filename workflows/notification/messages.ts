import { defineQuery, defineSignal } from '@temporalio/workflow';
import type { Outcome } from '../core/outcome';
import type { Reason } from '../core/reasons';

/** The type name under which runs are started. */
export const WORKFLOW_TYPE = 'bulkUploadNotification';

/**
 * Mails are sent on a task queue of their own: its rate limit is the relay's, and counts neither
 * look-ups nor records, which do not wait in it either.
 */
export function sendTaskQueue(taskQueue: string): string {
  return `${taskQueue}-send`;
}

/** The second argument of a run. */
export interface NotificationOptions {
  /** Milliseconds for which a settled run stays open, so that the UI can resend; 0: none. */
  resendWindowMs: number;
}

/** All of it may be left out; the same `requestId` twice is one request. */
export interface ResendSignal {
  requestId?: string;
  requestedBy?: string;
  reason?: string;
  /** Does nothing after a mail was sent, or while one may have been and waits for a person. */
  unlessSent?: boolean;
}

export type NotificationState = 'waiting' | 'sent' | 'parked' | 'nothing_to_send' | 'handed_over';

/** The state of a notification: the answer of the `status` query and the result of a closed run. */
export interface NotificationStatus {
  taskId: string;
  outcome: Outcome;
  state: NotificationState;
  reason?: Reason;
  userId?: string;
  fileName?: string;
  emailCount?: number;
  /** Sent by the policy `assume_sent`: the relay gave no reply. */
  assumed?: true;
  /** The relay's reply to the send that settled it, without addresses. */
  relayReply?: string;
  /** Workflow ID of the run that sends the mail instead. */
  handedOverTo?: string;
}

export const statusQuery = defineQuery<NotificationStatus>('status');

/**
 * While waiting: try now. When parked: look everything up again. When sent: send it once more, unless
 * the request says not to.
 */
export const resendSignal = defineSignal<[ResendSignal?]>('resend');
