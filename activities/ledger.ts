import type { Outcome } from '../workflows/core/outcome';
import type { ParkReason } from '../workflows/core/reasons';
import type { Verdict, VerdictDetails } from './send/mailer';

/** The run that claims or parks, and how much of the ledger it knows. */
export interface Answering {
  runId: string;
  /** Requests of this run that the ledger has, up to the one that it answers. */
  recordedRequests: number;
}

/** What is known of a notification, by the ledger or by a run. */
export interface KnownNotification {
  userId?: string;
  fileName?: string;
  emailCount?: number;
}

export type Parking = Answering & KnownNotification;

export interface Claim extends Answering {
  eventId: string;
  /** 0: the notification itself; n: the nth mail that was requested after it. */
  resend: number;
  userId: string;
  fileName: string;
  emailCount: number;
  recipient: string;
  messageId: string;
  /** Of the first attempt of a resend; later attempts take over its date. */
  mailDate: Date;
  /** What becomes of the notification when an earlier attempt was lost after its final dot. */
  ifLost: AttemptSettlement['state'];
  /** By Temporal's clock: an attempt that was scheduled later is not taken over. */
  scheduledAt: Date;
}

/**
 * `claimed`: the attempt belongs to the caller; `afterAmbiguous`: the relay may have the mail from an
 * earlier one. `sent`: this resend was sent, by the run named, or is
 * `assumed` to have been. `parked`: it needs a person, and has not been requested since. `superseded`:
 * the run has recorded a request that the caller does not know. `overtaken`: a later attempt is open.
 */
export type Claimed =
  | { status: 'claimed'; attemptId: string; mailDate: Date; afterAmbiguous?: true }
  | { status: 'sent'; runId: string; reply: string; assumed?: true }
  | { status: 'parked'; reason: ParkReason; reply: string }
  | { status: 'superseded' }
  | { status: 'overtaken' };

/** How a notification stands that is neither sent nor parked again: by its last mail. */
export interface Standing {
  verdict: 'accepted' | 'assumed' | ParkReason;
  reply: string;
}

/** How an attempt ended, and what that means for its notification. */
export interface AttemptSettlement {
  attemptId: string;
  attempt: Verdict['verdict'];
  reply: string;
  /** For the log line; the ledger does not keep them. */
  details?: VerdictDetails;
  state: 'sent' | 'waiting' | 'parked';
  reason?: 'refused' | 'uncertain' | 'gave_up';
}

export interface ResendRequest {
  requestId: string;
  requestedBy?: string;
  reason?: string;
  /** Changes nothing if a mail was sent before, or may have been and waits for a person. */
  unlessSent?: boolean;
}

/** The resend that a request asks for. */
export interface RequestedResend extends KnownNotification {
  resend: number;
  /** Requests of this run that the ledger has, up to this one. */
  recordedRequests: number;
}

/** A request with `unlessSent` that was not recorded, because the notification stands so. */
export interface DeclinedRequest extends KnownNotification {
  standing: Standing;
}

export type RecordedRequest = RequestedResend | DeclinedRequest;

/** What one call has changed in the ledger: a call that comes again changes nothing. */
export interface LedgerChanges {
  /** The attempts to which it gave a verdict: the caller's own, or one that a lost worker left open. */
  attempts?: ConcludedAttempt[];
  /** How the notification has settled. */
  settled?: { state: 'sent' | 'parked'; reason?: string };
  /** A request for a resend was recorded. */
  isRequested?: boolean;
}

export interface ConcludedAttempt extends VerdictDetails {
  resend: number;
  verdict: Verdict['verdict'];
  reply: string;
}

/** The record that never expires. Every call rejects when the database cannot be asked. */
export interface Ledger {
  claim(claim: Claim): Promise<Claimed>;
  /** Just before the final dot; rejects when another attempt has taken the claim over. */
  submit(attemptId: string): Promise<void>;
  /** False if another attempt has taken the claim over, or was accepted before. */
  settle(settlement: AttemptSettlement): Promise<boolean>;
  /**
   * Parks a notification that could not even be tried, unless the run has recorded a request that the
   * caller does not know. Returns how it stands instead if it was sent, or may have been: then it is
   * parked as `uncertain`.
   */
  park(eventId: string, reason: string, parking: Parking): Promise<Standing | undefined>;
  /** The same resend again for a request that was recorded before, by whatever run. */
  requestResend(eventId: string, request: ResendRequest, runId: string): Promise<RecordedRequest>;
  /** The outcomes of a task for which the ledger has a notification. */
  findOutcomes(taskId: string): Promise<Outcome[]>;
}
