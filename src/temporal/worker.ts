import {
  type InjectedSinks,
  makeTelemetryFilterString,
  type NativeConnection,
  Runtime,
  type TelemetryOptions,
  Worker,
} from '@temporalio/worker';
import { join } from 'node:path';
import type { Activities } from '../../activities';
import { bulkTaskQueue } from '../../workflows/bulk-resend/messages';
import type { NothingToSendReason } from '../../workflows/core/reasons';
import { shutdownTimeoutMs } from '../../workflows/core/send-timeout';
import { sendTaskQueue } from '../../workflows/notification/messages';
import type { NotificationSinks } from '../../workflows/notification/sinks';
import { checksTaskQueue } from '../../workflows/upload-watch/messages';
import type { TemporalConfig } from '../config/read-temporal';
import type { Logger } from '../telemetry/logger';
import { createTemporalLogger } from './temporal-logger';

/** Made by `npm run build`; beside `src` in `dist`. */
const WORKFLOW_BUNDLE = join(__dirname, '..', '..', 'workflow-bundle.js');

/** Runs that stay in memory between their workflow tasks. */
export const MAX_CACHED_WORKFLOWS = 500;
/** After this, a shutdown stops the sends that have not submitted their message. */
export const SHUTDOWN_GRACE_MS = 2_000;

/** By default their buckets grow by tens, so that a p99 between 10 and 100 seconds is a guess. */
const SDK_LATENCIES = [
  'workflow_task_schedule_to_start_latency',
  'workflow_task_execution_latency',
  'activity_schedule_to_start_latency',
  'activity_execution_latency',
  'local_activity_execution_latency',
  'request_latency',
];
const SDK_BUCKETS_SECONDS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 600];

/**
 * The SDK and its native core log through `logger`, so that each line is JSON, and leave the signals
 * to the command. To be called once in a process, before any other call of the SDK.
 */
export function installRuntime(logger: Logger, metricsPort?: number): void {
  Runtime.install({
    logger: createTemporalLogger(logger),
    shutdownSignals: [],
    telemetryOptions: {
      logging: { forward: {}, filter: makeTelemetryFilterString({ core: 'WARN', other: 'ERROR' }) },
      ...(metricsPort !== undefined && { metrics: sdkMetrics(metricsPort) }),
    },
  });
}

/** The SDK cannot add its metrics to ours: it serves them itself. The suffixes are the docs' names. */
function sdkMetrics(port: number): NonNullable<TelemetryOptions['metrics']> {
  return {
    prometheus: {
      bindAddress: `0.0.0.0:${port}`,
      countersTotalSuffix: true,
      unitSuffix: true,
      useSecondsForDurations: true,
      histogramBucketOverrides: Object.fromEntries(
        SDK_LATENCIES.map((name) => [name, SDK_BUCKETS_SECONDS]),
      ),
    },
  };
}

/** The runtime holds lines back for 100 ms to sort them by time. */
export function flushLogs(): void {
  Runtime.instance().flushLogs();
}

interface WorkerOptions {
  connection: NativeConnection;
  temporal: Pick<TemporalConfig, 'namespace' | 'taskQueue'>;
  activities: Activities;
}

/** `countNothingToSend` is called once a run, and again if that workflow task has to be repeated. */
export function notificationSinks(
  countNothingToSend: (reason: NothingToSendReason) => void,
): InjectedSinks<NotificationSinks> {
  const fn = (_run: unknown, reason: NothingToSendReason) => countNothingToSend(reason);
  return { notification: { countNothingToSend: { fn } } };
}

/** Beside those that local sends keep; the same with the SDK's defaults and five connections. */
const WORKFLOW_TASKS_BESIDE = 20;
const LOCAL_ACTIVITIES_BESIDE = 80;

interface WorkflowWorkerOptions extends WorkerOptions {
  sinks: InjectedSinks<NotificationSinks>;
  /** Local sends at a time, each of which keeps its workflow task. */
  localSendsMax: number;
}

/** The worker for workflows, look-ups and records. */
export function createWorker(options: WorkflowWorkerOptions): Promise<Worker> {
  const { connection, temporal, activities, sinks, localSendsMax } = options;
  return Worker.create({
    connection,
    namespace: temporal.namespace,
    taskQueue: temporal.taskQueue,
    workflowBundle: { codePath: WORKFLOW_BUNDLE },
    activities,
    sinks,
    maxCachedWorkflows: MAX_CACHED_WORKFLOWS,
    maxConcurrentWorkflowTaskExecutions: localSendsMax + WORKFLOW_TASKS_BESIDE,
    maxConcurrentLocalActivityExecutions: localSendsMax + LOCAL_ACTIVITIES_BESIDE,
    shutdownGraceTime: SHUTDOWN_GRACE_MS,
    shutdownForceTime: shutdownTimeoutMs,
  });
}

/**
 * While one mail uses a connection, the recipient of the next one is looked up. What is beyond waits in
 * the task queue, where it is in order of priority and any worker can take it.
 */
const SENDS_PER_CONNECTION = 2;

interface SendWorkerOptions extends WorkerOptions {
  /** Of this worker, to the relay. */
  connectionsMax: number;
  /** Over all workers; undefined means no limit. */
  sendsPerSecond?: number;
}

/** The worker for mails that are sent through the task queue: with a limit all, without one those that wait. */
export function createSendWorker({
  connection,
  temporal,
  activities: { sendMail },
  connectionsMax,
  sendsPerSecond,
}: SendWorkerOptions): Promise<Worker> {
  return Worker.create({
    connection,
    namespace: temporal.namespace,
    taskQueue: sendTaskQueue(temporal.taskQueue),
    activities: { sendMail },
    maxConcurrentActivityTaskExecutions: connectionsMax * SENDS_PER_CONNECTION,
    maxTaskQueueActivitiesPerSecond: sendsPerSecond,
    shutdownGraceTime: SHUTDOWN_GRACE_MS,
    shutdownForceTime: shutdownTimeoutMs,
  });
}

/** Questions to the provider about uploads, of one worker at the same time. */
const UPLOAD_CHECKS_AT_ONCE = 4;
/** Of all workers together, however many uploads are due: 300 a minute. */
const UPLOAD_CHECKS_PER_SECOND = 5;

/**
 * The worker for checks of uploads. It has slots of its own, so that uploads in thousands, due after
 * an outage, keep no notification waiting.
 */
export function createUploadCheckWorker({
  connection,
  temporal,
  activities: { checkUpload },
}: WorkerOptions): Promise<Worker> {
  return Worker.create({
    connection,
    namespace: temporal.namespace,
    taskQueue: checksTaskQueue(temporal.taskQueue),
    activities: { checkUpload },
    maxConcurrentActivityTaskExecutions: UPLOAD_CHECKS_AT_ONCE,
    maxTaskQueueActivitiesPerSecond: UPLOAD_CHECKS_PER_SECOND,
    shutdownGraceTime: SHUTDOWN_GRACE_MS,
  });
}

/** Pages of bulk resends, of one worker at the same time; each keeps its own rate. */
const BULK_PAGES_AT_ONCE = 2;
/** A cancellation comes with the answer to a heartbeat; the default sends one in 24 seconds. */
const BULK_HEARTBEAT_INTERVAL_MS = 1_000;

/** The worker for bulk resends. Its pages, which take as long as their pace, take no slot of a notification. */
export function createBulkResendWorker({
  connection,
  temporal,
  activities: { openBulk, resendPage, closeBulk },
}: WorkerOptions): Promise<Worker> {
  return Worker.create({
    connection,
    namespace: temporal.namespace,
    taskQueue: bulkTaskQueue(temporal.taskQueue),
    activities: { openBulk, resendPage, closeBulk },
    maxConcurrentActivityTaskExecutions: BULK_PAGES_AT_ONCE,
    maxConcurrentActivityTaskPolls: BULK_PAGES_AT_ONCE,
    maxHeartbeatThrottleInterval: BULK_HEARTBEAT_INTERVAL_MS,
    shutdownGraceTime: 0,
  });
}

/** Whether the worker polls the server for tasks of workflows and activities. */
export function isPolling(worker: Worker): boolean {
  return isPollingActivities(worker) && worker.getStatus().workflowPollerState === 'POLLING';
}

/** The same for a worker without workflows, whose other poller is shut down. */
export function isPollingActivities(worker: Worker): boolean {
  const { runState, activityPollerState } = worker.getStatus();
  return runState === 'RUNNING' && activityPollerState === 'POLLING';
}
