import type { BulkUploadEvent, Decision, Outcome, Task } from '../activities/types';

/** The outcome that the webhook's counts tell, if they tell any. */
export function reportedOutcome(stats: BulkUploadEvent['stats']): Outcome | undefined {
  if (stats.failed !== undefined && stats.failed > 0) return 'failed';
  return stats.completed === undefined ? undefined : 'completed';
}

/** Decides what is owed: the provider's word first, the webhook's where that is silent. */
export function toNotification(event: BulkUploadEvent, task: Task): Decision {
  if (!task.fileBacked) return { reason: 'not_file_backed' };
  const outcome = event.decidedOutcome ?? finalStatus(task) ?? reportedOutcome(event.stats);
  if (!outcome) return { reason: 'outcome_unknown' };
  const userId = task.userId ?? event.userId;
  if (!userId) return { reason: 'user_id_missing', outcome };
  const { fileName } = task;
  if (!fileName) return { reason: 'task_metadata_missing', outcome };
  const emailCount = task.emailCount ?? event.stats.total ?? event.jobCount;
  return { taskId: event.taskId, outcome, userId, fileName, emailCount };
}

function finalStatus({ fileStatus }: Task): Outcome | undefined {
  return fileStatus === 'completed' || fileStatus === 'failed' ? fileStatus : undefined;
}
