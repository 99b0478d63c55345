import type { Outcome } from './outcome';

const PREFIX = 'bulk_upload_notification';
const PATTERN = new RegExp(
  `^${PREFIX}:([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}):(completed|failed)$`,
);

/** The one key of a notification: workflow ID, ledger key and `event_id` in logs. */
export function workflowId(taskId: string, outcome: Outcome): string {
  return `${PREFIX}:${taskId}:${outcome}`;
}

/** The inverse of `workflowId`; undefined for an ID that is not a notification's. */
export function parseWorkflowId(id: string): { taskId: string; outcome: Outcome } | undefined {
  const [, taskId, outcome] = PATTERN.exec(id) ?? [];
  return taskId && outcome ? { taskId, outcome: outcome as Outcome } : undefined;
}
