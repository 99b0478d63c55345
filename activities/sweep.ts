import { cancellationSignal } from '@temporalio/activity';
import { transient } from './failures/transient';
import { codeOf } from './task/fetch-task';
import type { DueUploads, Look, SweepMetrics, Uploads, WatchedUpload } from './types';
import type { Outcome } from '../workflows/core/outcome';
import type { SendMetrics } from './metrics';
import type { Task } from '../workflows/core/decision';
import type { TaskApi } from './task/task-api';

export interface SweepDependencies {
  taskApi: TaskApi;
  uploads: Uploads;
  metrics: SendMetrics & SweepMetrics;
}

/** What the provider says of an upload whose webhook did not come. */
export type UploadStatus =
  | { status: 'final'; outcome: Outcome; userId?: string; emailCount?: number }
  | { status: 'waiting' | 'missing' | 'unauthorized' };

/** Remembering uploads, and looking for those whose webhook never came. */
export function createSweep({ taskApi, uploads, metrics }: SweepDependencies) {
  return {
    recordUpload: (upload: WatchedUpload): Promise<void> => uploads.record(upload),

    async findDueUploads(query: Parameters<Uploads['findDue']>[0]): Promise<DueUploads> {
      const due = await uploads.findDue(query);
      if (due.notified > 0) metrics.countLooks('notified', due.notified);
      return due;
    },

    /** One question. What another attempt may cure is a failure: Temporal retries it after Retry-After. */
    async lookAtUpload(taskId: string): Promise<UploadStatus> {
      const answer = await taskApi.fetchTask(taskId, cancellationSignal());
      if (!('fault' in answer)) return toStatus(answer);
      const { fault, message, retryAfterMs: nextRetryDelayMs } = answer;
      if (fault === 'not_found') return { status: 'missing' };
      if (fault === 'unavailable') {
        const circumstances = { part: 'provider', code: codeOf(answer), nextRetryDelayMs } as const;
        throw transient('TaskApiUnavailable', message, circumstances);
      }
      metrics.countConfigurationError('provider');
      return { status: 'unauthorized' };
    },

    async recordLooks(looks: Look[]): Promise<void> {
      await uploads.recordLooks(looks);
      for (const { finding } of looks) metrics.countLooks(finding, 1);
    },
  };
}

/** Only the file's own status is final. A task without a file may still get one, or is not ours. */
function toStatus({ fileBacked, fileStatus, userId, emailCount }: Task): UploadStatus {
  if (!fileBacked) return { status: 'missing' };
  if (fileStatus !== 'completed' && fileStatus !== 'failed') return { status: 'waiting' };
  return { status: 'final', outcome: fileStatus, userId, emailCount };
}
