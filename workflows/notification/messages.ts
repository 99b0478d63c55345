import { defineQuery, defineSignal } from '@temporalio/workflow';
import type { Outcome } from '../core/outcome';
import type { Reason } from '../core/reasons';

/** The type name under which runs are started. */
export const WORKFLOW_TYPE = 'bulkUploadNotification';

/** The second argument of a run; absent in runs of the first version. */
export interface NotificationOptions {
  /** Milliseconds for which a settled run stays open, so that the UI can resend; 0: none. */
  resendWindowMs?: number;
  /** The run was started for its `resend` signal alone: it owes nothing by itself. */
  onlyResend?: boolean;
  /** The first try of everything is one local activity; absent in runs of before that. */
  atOnce?: boolean;
  /** The ledger is told of a parked notification; absent in runs that ask `patched` about it. */
  parksInLedger?: boolean;
  /** By requests from before an activity as well; absent in runs that leave those for later. */
  hurriedByAll?: boolean;
}

/** All of it may be left out; the same `requestId` twice is one request. */
export interface ResendSignal {
  requestId?: string;
  requestedBy?: string;
  reason?: string;
}

export type NotificationState = 'waiting' | 'sent' | 'parked' | 'nothing_to_send' | 'handed_over';

/** Where a notification stands: the answer of the `status` query and the result of a closed run. */
export interface NotificationStatus {
  taskId: string;
  outcome: Outcome;
  state: NotificationState;
  reason?: Reason;
  userId?: string;
  fileName?: string;
  emailCount?: number;
  /** Sent, as far as the policy goes: the relay gave no answer (`assume_sent`). */
  assumed?: true;
  /** The relay's words for the send that settled it, without addresses. */
  relayReply?: string;
  /** Workflow ID of the run that owes the mail instead. */
  handedOverTo?: string;
}

export const statusQuery = defineQuery<NotificationStatus>('status');

/** While waiting: try now. When parked: look everything up again. When sent: send another copy. */
export const resendSignal = defineSignal<[ResendSignal?]>('resend');
