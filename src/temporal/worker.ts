import {
  makeTelemetryFilterString,
  type NativeConnection,
  Runtime,
  Worker,
} from '@temporalio/worker';
import { join } from 'node:path';
import type { Activities } from '../../activities';
import type { TemporalConfig } from '../config/read-temporal';
import type { Logger } from '../telemetry/logger';
import { createTemporalLogger } from './temporal-logger';

/** Made by `npm run build`; beside `src` in `dist`. */
const WORKFLOW_BUNDLE = join(__dirname, '..', '..', 'workflow-bundle.js');

/** Runs whose state is kept between their tasks. */
export const MAX_CACHED_WORKFLOWS = 500;
/** What is under way may go on; sends that have submitted nothing are stopped after this. */
export const SHUTDOWN_GRACE_MS = 2_000;
/** Longer than the longest send (MAX_SEND_MS), so that a body that has begun is never cut. */
const SHUTDOWN_DEADLINE = '13m';

/**
 * Lets the SDK and its native core log through ours, so that each line is JSON, and leaves the signals
 * to us. Once a process, before all else.
 */
export function installRuntime(logger: Logger): void {
  Runtime.install({
    logger: createTemporalLogger(logger),
    shutdownSignals: [],
    telemetryOptions: {
      logging: { forward: {}, filter: makeTelemetryFilterString({ core: 'WARN', other: 'ERROR' }) },
    },
  });
}

/** The runtime sorts lines by their time for a tenth of a second: the last ones want to be asked for. */
export function flushLogs(): void {
  Runtime.instance().flushLogs();
}

interface WorkerOptions {
  connection: NativeConnection;
  temporal: Pick<TemporalConfig, 'namespace' | 'taskQueue'>;
  activities: Activities;
  /** The relay's limit across all workers; none without it. */
  sendsPerSecond?: number;
}

export function createWorker(options: WorkerOptions): Promise<Worker> {
  const { connection, temporal, activities, sendsPerSecond } = options;
  return Worker.create({
    connection,
    namespace: temporal.namespace,
    taskQueue: temporal.taskQueue,
    workflowBundle: { codePath: WORKFLOW_BUNDLE },
    activities,
    maxTaskQueueActivitiesPerSecond: sendsPerSecond,
    maxCachedWorkflows: MAX_CACHED_WORKFLOWS,
    shutdownGraceTime: SHUTDOWN_GRACE_MS,
    shutdownForceTime: SHUTDOWN_DEADLINE,
  });
}

/** Whether the worker asks the server for work. */
export function isPolling(worker: Worker): boolean {
  const { runState, workflowPollerState, activityPollerState } = worker.getStatus();
  return [runState, workflowPollerState, activityPollerState].join() === 'RUNNING,POLLING,POLLING';
}
