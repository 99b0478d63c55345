import type { Verdict } from '../../../activities/send/mailer';
import type { UncertainPolicy } from '../../../activities/send/send-policy';
import type { Nuisance } from '../plan/nuisances';

/** An upload, as seen by its sender and its owner. */
export interface ObservedUpload {
  taskId: string;
  /** Of the notification for the outcome that the provider reports. */
  eventId: string;
  /** A webhook was answered 200, or the upload was taken for watching. */
  accepted: boolean;
  /** The owner's last address. */
  address?: string;
  resends: { requestId: string; acknowledged: boolean }[];
}

/** A webhook that must not cause a mail. */
export interface ObservedNuisance {
  taskId: string;
  nuisance: Nuisance;
  /** HTTP statuses of the answers. */
  statuses: number[];
}

/** A run, as described by Temporal. */
export interface ObservedRun {
  workflowId: string;
  runId: string;
  startedAt: number;
  /** Temporal's: RUNNING, COMPLETED, … */
  status: string;
  onlyResend: boolean;
  /** From its result. */
  state?: string;
  reason?: string;
  /** From its search attributes. */
  shownState?: string;
  shownReason?: string;
  /** The replay error; such a run would be stuck after a restart of its worker. */
  replayFault?: string;
}

export interface ObservedEvent {
  id: string;
  state: string;
  reason?: string;
  sentCount: number;
}

export interface ObservedAttempt {
  eventId: string;
  resend: number;
  state: string;
  messageId: string;
  recipient: string;
  claimedAt: number;
  settledAt?: number;
  reply?: string;
}

export interface ObservedResend {
  eventId: string;
  requestId: string;
  resend: number;
}

/** A message at the relay. */
export interface ObservedMail {
  at: number;
  to: string;
  messageId: string;
}

/** A permanent refusal at RCPT TO or after the final dot. */
export interface ObservedRefusal {
  at: number;
  to: string;
}

/** A recipient that a worker named to the relay, and what came of it. */
export interface ObservedSubmission {
  at: number;
  sender: string;
  to: string;
  /** When the final dot of the message came, if it came. */
  dotAt?: number;
  /** The verdict that a sender must reach from what the relay does about it. */
  verdict: Verdict['verdict'];
}

/** A fault, from `at` until `until`. */
export interface ObservedFault {
  at: number;
  until: number;
  target: string;
  what: string;
}

/** The final state of each part. */
export interface Observations {
  policy: UncertainPolicy;
  uploads: ObservedUpload[];
  nuisances: ObservedNuisance[];
  runs: ObservedRun[];
  events: ObservedEvent[];
  attempts: ObservedAttempt[];
  resends: ObservedResend[];
  taken: ObservedMail[];
  refusals: ObservedRefusal[];
  submissions: ObservedSubmission[];
  faults: ObservedFault[];
}
