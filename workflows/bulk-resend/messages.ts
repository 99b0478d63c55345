import { defineQuery } from '@temporalio/workflow';
import type { BulkProgress } from '../core/bulk-request';

/** The type name under which runs are started. */
export const BULK_TYPE = 'bulkResend';

/**
 * Its activities have a task queue of their own: the rate limit of the other one is the relay's, and
 * a page, which takes as long as its pace, would wait there behind the mails that it has requested.
 */
export function bulkTaskQueue(taskQueue: string): string {
  return `${taskQueue}-bulk-resends`;
}

/** The items so far by their result. */
export const progressQuery = defineQuery<BulkProgress>('progress');
