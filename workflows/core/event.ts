import type { Outcome } from './outcome';

/** What a webhook says; scalars only, never `data.jobs`. Counts are integers >= 0. */
export interface BulkUploadEvent {
  taskId: string;
  /**
   * Whether the rest can be trusted: its signature was verified, or the provider or the ledger said
   * so. Otherwise it is only a hint to ask the provider about the task.
   */
  isVerified: boolean;
  userId?: string;
  stats: { total?: number; completed?: number; failed?: number };
  /** Absent where there was no webhook. */
  jobCount?: number;
  /** Set by a run that found this outcome at the provider: a hand-over, or the watch of an upload. */
  decidedOutcome?: Outcome;
}

/** The outcome that the webhook's counts tell, if they tell any. */
export function reportedOutcome(stats: BulkUploadEvent['stats']): Outcome | undefined {
  if (stats.failed !== undefined && stats.failed > 0) return 'failed';
  return stats.completed === undefined ? undefined : 'completed';
}

/** An event without what only a verified webhook may say: anyone can send an unsigned one. */
export function trusted(event: BulkUploadEvent): BulkUploadEvent {
  if (event.isVerified) return event;
  const { taskId, decidedOutcome } = event;
  return { taskId, isVerified: false, stats: {}, decidedOutcome };
}
