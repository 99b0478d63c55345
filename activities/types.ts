import type { Part } from './remedies';

/** How the upload ended. */
export type Outcome = 'completed' | 'failed';

/** What we need of a provider's task; every field the provider left out or garbled is absent. */
export interface Task {
  id: string;
  userId?: string;
  fileBacked: boolean;
  fileName?: string;
  /** Addresses in the file, an integer >= 0. */
  emailCount?: number;
  /** The file's status, trimmed and lower-cased: `processing`, `completed`, `failed`, … */
  fileStatus?: string;
}

/** One mail that is owed. */
export interface Notification {
  taskId: string;
  outcome: Outcome;
  userId: string;
  fileName: string;
  emailCount: number;
}

/** What a webhook says; scalars only, never `data.jobs`. Counts are integers >= 0. */
export interface BulkUploadEvent {
  taskId: string;
  /**
   * Whether its words count: its signature was checked, or the provider or the ledger said so. Else
   * it is only a hint to ask the provider about the task.
   */
  isVerified: boolean;
  userId?: string;
  stats: { total?: number; completed?: number; failed?: number };
  jobCount: number;
  /** Set by a run that found this outcome at the provider: a hand-over, or the sweep. */
  decidedOutcome?: Outcome;
}

/** Why no mail is owed, as far as the provider and the webhook tell. */
export type NothingOwed = 'not_file_backed' | 'outcome_unknown' | 'user_id_missing';

/** A notification, or why none is sent; `outcome` is there as soon as it is known. */
export type Decision =
  | Notification
  | { reason: NothingOwed; outcome?: Outcome }
  | { reason: 'task_metadata_missing'; outcome: Outcome };

/** What is owed by what is known. A pure function of the workflow, which decides the same again. */
export type Decide = (event: BulkUploadEvent, task: Task) => Decision;

/** A notification with its recipient's address and the time it became due (ISO 8601). */
export interface MailToSend extends Notification {
  to: string;
  date: string;
  /** 0 (or absent): the notification itself; n: the nth copy that somebody asked for after it. */
  copy?: number;
  /** The request that the run answers with it, empty before the first; absent in runs of before that. */
  request?: string;
}

export interface Mail {
  from: { name: string; address: string };
  replyTo: string;
  to: string;
  subject: string;
  text: string;
  /** With angle brackets; the same for every attempt, so that mailboxes can collapse copies. */
  messageId: string;
  date: Date;
}

/** The step of the SMTP dialogue in which a send ended. */
export type SmtpStep =
  | 'connect'
  | 'greeting'
  | 'ehlo'
  | 'starttls'
  | 'auth'
  | 'mail-from'
  | 'rcpt-to'
  | 'data'
  | 'body'
  | 'final-reply';

/**
 * What a send ended as. `accepted`: the relay answered 250 after the final dot. `refused`: a 5yz at
 * RCPT TO or after the dot. `deferred`: certainly not accepted, worth another attempt.
 * `ambiguous`: the body ended and no reply came (RFC 5321 §6.1): the relay may have it.
 */
export type Verdict =
  | { verdict: 'accepted'; reply: string }
  | {
      verdict: 'refused';
      step: SmtpStep;
      /** Absent when the relay was not asked: it cannot take such an address. */
      code?: number;
      reply: string;
    }
  | {
      verdict: 'deferred';
      step: SmtpStep;
      code?: number;
      /** What `remedyFor` knows it by: a reply code, `NO_STARTTLS`, the system's code. */
      cause?: string;
      reply: string;
      /** Our configuration or the relay is at fault, never this mail: worth an alert. */
      configuration: boolean;
    }
  | { verdict: 'ambiguous'; reply: string };

/** Why the provider's API gave no answer that can be used. */
export interface TaskApiFault {
  fault: 'not_found' | 'unauthorized' | 'unavailable';
  /** For people: the status and the provider's error code, or what broke. No token, no address. */
  message: string;
  status?: number;
  /** The system's code when no answer came. */
  cause?: string;
  /** From Retry-After, in milliseconds. */
  retryAfterMs?: number;
}

/** The provider's API; rejects only when `stop` does. */
export interface TaskApi {
  fetchTask(taskId: string, stop: AbortSignal): Promise<Task | TaskApiFault>;
}

/** Addresses of users. Rejects when the database cannot be asked. */
export interface RecipientDirectory {
  /** Candidate addresses as stored, best first; blanks left out. */
  findAddresses(userId: string): Promise<string[]>;
}

/** An upload that a notification is owed for, remembered in case its webhook never comes. */
export interface WatchedUpload {
  taskId: string;
  uploadId?: string;
  userId?: string;
  fileName?: string;
  emailCount?: number;
  /** Whether the provider was told to call our webhook, or one of the caller's own. */
  ownCallback: boolean;
}

/** An upload that has no notification yet though it should, as far as is known. */
export interface DueUpload {
  taskId: string;
  userId?: string;
  emailCount?: number;
  /** How often the provider has answered about it. */
  looks: number;
  ageMs: number;
  /** For how long the provider has not known it. */
  missingMs?: number;
}

export interface DueUploads {
  /** The time by the database's clock to which uploads are due; for the pages that follow. */
  asOf: string;
  uploads: DueUpload[];
  /** How many were settled because the ledger has their notification. */
  notified: number;
  /** Whether there may be more by the same time. */
  more: boolean;
}

/**
 * What a look at an upload found. `started`: its notification was missing and is owed now. `late`:
 * the webhook's own run was there after all. `unknown`: given up. `unanswered`: nobody knows.
 */
export type Finding = 'started' | 'late' | 'waiting' | 'missing' | 'unknown' | 'unanswered';

/** A look as it is recorded; without `againMs` the upload is settled as what was found. */
export interface Look {
  taskId: string;
  finding: Finding;
  looks: number;
  /** Milliseconds until the next look. */
  againMs?: number;
}

/** The uploads that wait for their webhook. All of it rejects when the database cannot be asked. */
export interface Uploads {
  /** Once for each task; one that was given up is looked for again. */
  record(upload: WatchedUpload): Promise<void>;
  /** Uploads of that age whose next look is due, `most` at most. */
  findDue(query: { asOf?: string; olderThanMs: number; most: number }): Promise<DueUploads>;
  recordLooks(looks: Look[]): Promise<void>;
}

/** What to do with a send that may or may not have been accepted. */
export type UncertainPolicy = 'resend' | 'park' | 'assume_sent';

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

/** Whose word it is: a run's, and of which of its requests. */
export interface Answering {
  runId: string;
  /** The last one that the run has recorded, empty before the first. What is absent is not checked. */
  request?: string;
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

/** Why a mail that is owed was not sent and needs a person. */
export type ParkReason =
  | 'recipient_missing'
  | 'recipient_limit'
  | 'task_metadata_missing'
  | 'refused'
  | 'gave_up'
  | 'uncertain';

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

/** Counters worth an alert. */
export interface SendMetrics {
  countSend(verdict: string): void;
  /** Trouble that a person has to repair: a wrong key, a refused login, a bad certificate. */
  countConfigurationTrouble(part: Part): void;
}

export interface SweepMetrics {
  /** `started` counts webhooks that were lost: worth an alert. */
  countLooks(finding: Finding | 'notified', count: number): void;
}

/** One attempt over one connection; never retries by itself and never rejects for what SMTP did. */
export interface Mailer {
  /**
   * `stop` ends the attempt early, but only while nothing of the body was submitted. The final dot
   * is sent after `beforeFinalDot` has resolved, and not at all if it rejects.
   */
  send(mail: Mail, stop: AbortSignal, beforeFinalDot: () => Promise<void>): Promise<Verdict>;
}
