import type { Logger as TemporalLogger, LogLevel, LogMetadata } from '@temporalio/common';
import type { Logger } from '../telemetry/logger';
import { maskAddresses } from '../../workflows/core/mask-addresses';

const LEVELS = {
  TRACE: 'trace',
  DEBUG: 'debug',
  INFO: 'info',
  WARN: 'warn',
  ERROR: 'error',
} as const;

/** What our log lines keep of the SDK's metadata, under the names that the other lines use. */
const KEPT: Record<string, string> = {
  workflowId: 'workflow_id',
  runId: 'run_id',
  workflowRunId: 'run_id',
  activityType: 'activity',
  attempt: 'attempt',
  taskQueue: 'task_queue',
  error: 'err',
};
/** The SDK warns of the worker that only checks uploads. */
const WITHOUT_WORKFLOWS = 'No workflows registered, not polling for workflow tasks';
const CORE_DROPPED = new Set(['sdkComponent', 'spanContexts']);
const CORE_TEXT_MAX_CHARS = 1_000;
const DROPPED = new Set([
  'namespace',
  'workflowType',
  'activityId',
  'taskToken',
  'isLocal',
  'sdkComponent',
  'timestamp',
]);

/** Lets the SDK, its workflows and its activities log through ours, with `event_id` on each line. */
export function createTemporalLogger(logger: Logger): TemporalLogger {
  function log(level: LogLevel, message: string, metadata: LogMetadata = {}): void {
    if (metadata.sdkComponent === 'core') {
      logger[LEVELS[level]](fieldsOfCore(message, metadata), 'temporal.core');
      return;
    }
    const isExpected = isRoutine(level, metadata) || message === WITHOUT_WORKFLOWS;
    const shown = isExpected ? 'debug' : LEVELS[level];
    // The SDK logs a dozen lines for each run, which are for debugging.
    if (logger.isLevelEnabled(shown)) logger[shown](rename(metadata), message);
  }
  return {
    log,
    trace: (message, metadata) => log('TRACE', message, metadata),
    debug: (message, metadata) => log('DEBUG', message, metadata),
    info: (message, metadata) => log('INFO', message, metadata),
    warn: (message, metadata) => log('WARN', message, metadata),
    error: (message, metadata) => log('ERROR', message, metadata),
  };
}

/** The worker's own life, and failures that an activity made and has logged already. */
function isRoutine(level: LogLevel, metadata: LogMetadata): boolean {
  const { sdkComponent, error } = metadata as { sdkComponent?: string; error?: Error };
  return sdkComponent === 'worker' && (level === 'INFO' || error?.name === 'ApplicationFailure');
}

/** The core's own words: any field of any type, whose text may quote what it was given. */
function fieldsOfCore(message: string, metadata: LogMetadata): Record<string, unknown> {
  const fields = Object.entries(metadata as Record<string, unknown>)
    .filter(([name]) => !CORE_DROPPED.has(name))
    .map(([name, value]) => [name, toText(value)] as const);
  return { message: toText(message), fields: Object.fromEntries(fields) };
}

function toText(value: unknown): unknown {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  return maskAddresses(text.slice(0, CORE_TEXT_MAX_CHARS));
}

function rename(metadata: LogMetadata): Record<string, unknown> {
  const { workflowId } = metadata as { workflowId?: string };
  const fields = Object.entries(metadata as Record<string, unknown>)
    .filter(([name]) => !DROPPED.has(name))
    .map(([name, value]) => [KEPT[name] ?? name, value] as const);
  return {
    ...(workflowId && { event_id: workflowId }),
    ...(Object.fromEntries(fields) as Record<string, unknown>),
  };
}
