import type { Outcome } from '../../workflows/core/outcome';
import type { NotificationStatus } from '../../workflows/notification/messages';
import { workflowId } from '../../workflows/core/workflow-id';
import type { IgnoredReason } from './format';

/** The webhook started the notification. */
export function accepted(taskId: string, outcome: Outcome, id: string) {
  return { received: true, processed: true, task_id: taskId, outcome, workflow_id: id };
}

/** The webhook was understood and started nothing. */
export function ignored(reason: IgnoredReason | 'duplicate_or_not_recorded') {
  return { received: true, processed: false, reason };
}

/** How the notification ended, for a sender that asked to wait. Never holds the address. */
export function settled(status: NotificationStatus) {
  const { taskId, outcome, state, reason, fileName, emailCount } = status;
  const id = workflowId(taskId, outcome);
  if (state !== 'sent') return { received: true, processed: false, reason, workflow_id: id };
  const mailed = { file_name: fileName, email_count: emailCount };
  return { ...accepted(taskId, outcome, id), ...mailed };
}
