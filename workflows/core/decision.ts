import type { BulkUploadEvent, Decision, Outcome, Task } from '../../activities/types';
import { finalStatus } from './final-status';

/** The outcome that the webhook's counts tell, if they tell any. */
export function reportedOutcome(stats: BulkUploadEvent['stats']): Outcome | undefined {
  if (stats.failed !== undefined && stats.failed > 0) return 'failed';
  return stats.completed === undefined ? undefined : 'completed';
}

/** What counts of an event: a webhook that anybody may have sent names a task and nothing else. */
export function trusted(event: BulkUploadEvent): BulkUploadEvent {
  if (event.isVerified) return event;
  const { taskId, decidedOutcome } = event;
  return { taskId, isVerified: false, stats: {}, jobCount: 0, decidedOutcome };
}

/** Decides what is owed: the provider's word first, the webhook's where that is silent. */
export function toNotification(given: BulkUploadEvent, task: Task): Decision {
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

function countOf({ stats, jobCount }: BulkUploadEvent): number {
  return stats.total ?? jobCount;
}
