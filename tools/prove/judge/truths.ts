import type { UncertainPolicy } from '../../../activities/types';
import type { Nuisance } from '../plan/nuisances';

/** An upload as its sender and owner know it. */
export interface UploadTruth {
  taskId: string;
  /** The notification's, under the outcome that the provider names. */
  eventId: string;
  /** A webhook was answered 200, or the upload was handed in. */
  accepted: boolean;
  /** The owner's address in the end. */
  address?: string;
  resends: { requestId: string; acknowledged: boolean }[];
}

/** Something that nobody may be told of. */
export interface NuisanceTruth {
  taskId: string;
  nuisance: Nuisance;
  /** The HTTP statuses that it got. */
  statuses: number[];
}

/** A run as Temporal knows it. */
export interface RunTruth {
  workflowId: string;
  runId: string;
  startedAt: number;
  /** Temporal's: RUNNING, COMPLETED, … */
  status: string;
  onlyResend: boolean;
  /** Of its result. */
  state?: string;
  reason?: string;
  /** Of its search attributes. */
  shownState?: string;
  shownReason?: string;
  /** Why its history does not replay: such a run would hang at a worker's restart. */
  replayFault?: string;
}

export interface EventTruth {
  id: string;
  state: string;
  reason?: string;
  sentCopies: number;
}

export interface AttemptTruth {
  eventId: string;
  copy: number;
  state: string;
  messageId: string;
  recipient: string;
  claimedAt: number;
  settledAt?: number;
  reply?: string;
}

export interface ResendTruth {
  eventId: string;
  requestId: string;
  copy: number;
}

/** A message that the relay has. */
export interface TakenTruth {
  at: number;
  to: string;
  messageId: string;
}

/** A 5yz of the relay at RCPT TO or after the dot. */
export interface RefusalTruth {
  at: number;
  to: string;
  reply: string;
}

/** Something that was broken, from `at` until `until`. */
export interface FaultTruth {
  at: number;
  until: number;
  target: string;
  what: string;
}

/** What each part knows in the end. */
export interface Truths {
  policy: UncertainPolicy;
  uploads: UploadTruth[];
  nuisances: NuisanceTruth[];
  runs: RunTruth[];
  events: EventTruth[];
  attempts: AttemptTruth[];
  resends: ResendTruth[];
  taken: TakenTruth[];
  refusals: RefusalTruth[];
}
