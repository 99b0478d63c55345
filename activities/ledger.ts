import type { ParkReason } from '../workflows/core/reasons';
import type { Verdict } from './send/mailer';
import type { UncertainPolicy } from './send/send-policy';

/** Whose word it is: a run's, and of which of its requests. */
export interface Answering {
  runId: string;
  /** The last one that the run has recorded, empty before the first. What is absent is not checked. */
  request?: string;
}

export interface Claim extends Answering {
  eventId: string;
  copy: number;
  userId: string;
  fileName: string;
  emailCount: number;
  recipient: string;
  messageId: string;
  /** Of the first attempt of a copy; later ones take over its date. */
  mailDate: Date;
  policy: UncertainPolicy;
}

/**
 * `claimed`: the attempt is ours. `sent`: this copy was sent, by the run named, or is `assumed` to
 * have been. `parked`: it needs a person, and nobody has asked for it again. `superseded`: the run has
 * recorded a request since, which is the one to answer.
 */
export type Claimed =
  | { claim: 'claimed'; attemptId: string; mailDate: Date }
  | { claim: 'sent'; runId: string; reply: string; assumed?: true }
  | { claim: 'parked'; reason: ParkReason; reply: string }
  | { claim: 'superseded' };

/** How a notification stands that was not parked as it was to be: it was sent, or may have been. */
export interface Standing {
  verdict: 'accepted' | 'assumed' | 'uncertain';
  reply: string;
}

/** How an attempt ended, and what that means for its notification. */
export interface Settlement {
  attemptId: string;
  attempt: Verdict['verdict'];
  reply: string;
  state: 'sent' | 'waiting' | 'parked';
  reason?: 'refused' | 'uncertain' | 'gave_up';
}

export interface ResendRequest {
  requestId: string;
  requestedBy?: string;
  reason?: string;
}

/** The copy that a request asks for, and what the copies before it knew of the notification. */
export interface RequestedCopy {
  copy: number;
  userId?: string;
  fileName?: string;
  emailCount?: number;
}

/** The memory that never expires. All of it rejects when the database cannot be asked. */
export interface Ledger {
  claim(claim: Claim): Promise<Claimed>;
  /** The last word before the final dot; rejects when the claim is not ours any more. */
  submit(attemptId: string): Promise<void>;
  /** False if that is not what became of it: another attempt has taken over, or was accepted. */
  settle(settlement: Settlement): Promise<boolean>;
  /**
   * For what could not even be tried. Changes nothing if the run has recorded a request after that,
   * nor if something else stands, which it returns.
   */
  park(eventId: string, reason: string, answering: Answering): Promise<Standing | undefined>;
  /** The same copy again for a request that was recorded before, by whatever run. */
  recordResend(eventId: string, request: ResendRequest, runId: string): Promise<RequestedCopy>;
}
