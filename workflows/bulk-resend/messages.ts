import { defineQuery } from '@temporalio/workflow';
import type { BulkProgress } from '../core/bulk-request';

/** The type name under which runs are started. */
export const BULK_TYPE = 'bulkResend';

/**
 * Its activities have a task queue of their own: a page takes as long as its pace, and neither waits
 * behind the look-ups of the mails that it has requested nor takes their slots.
 */
export function bulkTaskQueue(taskQueue: string): string {
  return `${taskQueue}-bulk-resends`;
}

/** The items so far by their result. */
export const progressQuery = defineQuery<BulkProgress>('progress');
