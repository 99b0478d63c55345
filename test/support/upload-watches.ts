import type { Client, WorkflowHandle } from '@temporalio/client';
import type { NativeConnection } from '@temporalio/worker';
import { randomUUID } from 'node:crypto';
import { createActivities } from '../../activities';
import { createNotifications } from '../../src/temporal/notifications';
import { createUploadWatches } from '../../src/temporal/upload-watches';
import { createUploadCheckWorker } from '../../src/temporal/worker';
import type { BulkUploadEvent } from '../../workflows/core/event';
import type { Outcome } from '../../workflows/core/outcome';
import { workflowId } from '../../workflows/core/workflow-id';
import {
  type UploadWatchOptions,
  WATCH_TYPE,
  type WatchedUpload,
} from '../../workflows/upload-watch/messages';
import { watchId } from '../../workflows/upload-watch/watch-id';
import type { Fakes } from './fakes';
import { withWorker } from './workflow-worker';

interface WatchWorkers {
  client: Client;
  connection: NativeConnection;
  fakes: Fakes;
  options: UploadWatchOptions;
}

type Watching = ReturnType<typeof createWatching>;

/** The two workers of a service on fakes, on a task queue of their own, while `body` runs. */
export function withUploadWatches<T>(
  { client, connection, fakes, options }: WatchWorkers,
  body: (watching: Watching) => Promise<T>,
): Promise<T> {
  return withWorker({ client, connection, fakes }, async (_start, taskQueue) => {
    const { namespace } = client.options;
    const activities = createActivities(fakes.dependencies);
    const temporal = { namespace, taskQueue };
    const checks = await createUploadCheckWorker({ connection, temporal, activities });
    return checks.runUntil(body(createWatching({ client, taskQueue, options })));
  });
}

function createWatching(options: {
  client: Client;
  taskQueue: string;
  options: UploadWatchOptions;
}) {
  const { client } = options;
  const { start } = createNotifications({ ...options, resendWindowMs: 0 });

  return {
    /** Starts a watch without the time limit of the service. */
    watch(upload: Partial<WatchedUpload> = {}): Promise<WorkflowHandle> {
      const { taskId = randomUUID() } = upload;
      return client.workflow.start(WATCH_TYPE, {
        workflowId: watchId(taskId),
        taskQueue: options.taskQueue,
        args: [{ taskId, ownCallback: true, ...upload }, options.options],
      });
    },

    uploadWatches: createUploadWatches(options),

    /** The provider's webhook. */
    deliver(watched: WorkflowHandle, change: Partial<BulkUploadEvent> = {}) {
      const taskId = taskIdOf(watched);
      return start({ taskId, isVerified: true, stats: { completed: 12 }, jobCount: 12, ...change });
    },

    /** The result of the upload's notification. */
    notification: (watched: WorkflowHandle, outcome: Outcome = 'completed') =>
      client.workflow
        .getHandle(workflowId(taskIdOf(watched), outcome))
        .result() as Promise<unknown>,

    /** How a watch ended, by the server's clock, and what it then shows. */
    async end(watched: WorkflowHandle) {
      const result = (await watched.result()) as unknown;
      const { startTime, closeTime, historyLength: events } = await watched.describe();
      const metadata = await watched.query<{ currentDetails?: string }>(
        '__temporal_workflow_metadata',
      );
      const tookMs = Number(closeTime) - Number(startTime);
      return { result, tookMs, events, details: metadata.currentDetails };
    },
  };
}

const taskIdOf = ({ workflowId: id }: WorkflowHandle) => id.slice(watchId('').length);
