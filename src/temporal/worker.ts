import {
  makeTelemetryFilterString,
  type NativeConnection,
  Runtime,
  Worker,
} from '@temporalio/worker';
import { join } from 'node:path';
import type { Activities } from '../../activities';
import { shutdownTimeoutMs } from '../../workflows/core/send-timeout';
import type { TemporalConfig } from '../config/read-temporal';
import type { Logger } from '../telemetry/logger';
import { createTemporalLogger } from './temporal-logger';

/** Made by `npm run build`; beside `src` in `dist`. */
const WORKFLOW_BUNDLE = join(__dirname, '..', '..', 'workflow-bundle.js');

/** Runs that stay in memory between their workflow tasks. */
export const MAX_CACHED_WORKFLOWS = 500;
/** After this, a shutdown stops the sends that have not submitted their message. */
export const SHUTDOWN_GRACE_MS = 2_000;

/**
 * The SDK and its native core log through `logger`, so that each line is JSON, and leave the signals
 * to the command. To be called once in a process, before any other call of the SDK.
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

/** The runtime holds lines back for 100 ms to sort them by time. */
export function flushLogs(): void {
  Runtime.instance().flushLogs();
}

interface WorkerOptions {
  connection: NativeConnection;
  temporal: Pick<TemporalConfig, 'namespace' | 'taskQueue'>;
  activities: Activities;
  /** Over all workers; undefined means no limit. */
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
    shutdownForceTime: shutdownTimeoutMs,
  });
}

/** Whether the worker polls the server for tasks. */
export function isPolling(worker: Worker): boolean {
  const { runState, workflowPollerState, activityPollerState } = worker.getStatus();
  return [runState, workflowPollerState, activityPollerState].join() === 'RUNNING,POLLING,POLLING';
}
