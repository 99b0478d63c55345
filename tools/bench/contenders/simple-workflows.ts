// Simpler designs: no ledger, no search attributes, no resend window.
import { proxyActivities } from '@temporalio/workflow';
import type { SimpleActivities } from './simple-activities';

const { fetchTask, resolveRecipient, sendMail } = proxyActivities<SimpleActivities>({
  startToCloseTimeout: '16m',
});

/** Three ordinary activities. */
export async function naive(taskId: string): Promise<string> {
  const task = await fetchTask(taskId);
  const to = await resolveRecipient(task.userId);
  return sendMail({ ...task, to });
}

/** One activity that only sends. */
export async function floor(taskId: string): Promise<string> {
  const to = 'owner@mailbox.example';
  return sendMail({ taskId, userId: '', fileName: 'leads.csv', emailCount: 3, to });
}

/** Does nothing. */
export async function bare(): Promise<void> {}
