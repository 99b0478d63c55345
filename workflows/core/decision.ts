import { type BulkUploadEvent, reportedOutcome, trusted } from './event';
import { finalStatus } from './final-status';
import type { Outcome } from './outcome';
import type { NothingToSend } from './reasons';

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

/** What one mail is about. */
export interface Notification {
  taskId: string;
  outcome: Outcome;
  userId: string;
  fileName: string;
  emailCount: number;
}

/** A notification, or why none is sent; `outcome` is there as soon as it is known. */
export type Decision =
  | Notification
  | { reason: NothingToSend; outcome?: Outcome }
  | { reason: 'task_metadata_missing'; outcome: Outcome };

/** Decides what to send: by the provider's task first, by the webhook where the task is silent. */
export function decide(given: BulkUploadEvent, task: Task): Decision {
  const event = trusted(given);
  if (!task.fileBacked) return { reason: 'not_file_backed' };
  const outcome =
    event.decidedOutcome ?? finalStatus(task.fileStatus) ?? reportedOutcome(event.stats);
  if (!outcome) return { reason: 'outcome_unknown' };
  const userId = task.userId ?? event.userId;
  if (!userId) return { reason: 'user_id_missing', outcome };
  const { fileName } = task;
  const emailCount = task.emailCount ?? (event.isVerified ? countOf(event) : undefined);
  if (!fileName || emailCount === undefined) return { reason: 'task_metadata_missing', outcome };
  return { taskId: event.taskId, outcome, userId, fileName, emailCount };
}

function countOf({ stats, jobCount }: BulkUploadEvent): number | undefined {
  return stats.total ?? jobCount;
}
