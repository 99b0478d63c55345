import {
  ApplicationFailure,
  cancellationSignal,
  CancelledFailure,
  log,
} from '@temporalio/activity';
import { toFailure } from './transient';
import { stepFailureOf } from '../../workflows/core/step-failure';

type Activity = (...args: never[]) => Promise<unknown>;

/** With file, line and column, which a text that only looks like a stack rarely has. */
const FRAME = /^ {4}at \S.{0,300}:\d+:\d+\)?$/;
const FRAMES_MAX = 10;

/**
 * The same activities, whose failures may stay in a history: what our own code did not make may hold
 * an address, and megabytes, at which the server terminates the run.
 */
export function containFailures<A extends Record<keyof A, Activity>>(activities: A): A {
  const entries = Object.entries<Activity>(activities).map(([name, activity]) => [
    name,
    async (...args: never[]) => {
      try {
        return await activity(...args);
      } catch (err) {
        throw contained(err);
      }
    },
  ]);
  return Object.fromEntries(entries) as A;
}

/**
 * The failure that an activity may end with, for whatever it threw; `nextRetryDelayMs` is for an error
 * that no code foresaw.
 */
export function contained(err: unknown, nextRetryDelayMs?: number): unknown {
  return isOurs(err) ? err : contain(err, nextRetryDelayMs);
}

/** A cancellation ends with what the SDK or an aborted call threw. */
function isOurs(err: unknown): boolean {
  if (err instanceof ApplicationFailure || err instanceof CancelledFailure) return true;
  return cancellationSignal().aborted && (Object(err) as Error).name === 'AbortError';
}

function contain(err: unknown, nextRetryDelayMs?: number): ApplicationFailure {
  const failure = toFailure(stepFailureOf(err), nextRetryDelayMs);
  const { stack } = Object(err) as Error;
  failure.stack = [`${failure.name}: ${failure.message}`, ...framesOf(stack)].join('\n');
  log.error('bulk_upload_notification.unexpected_failure', { error: failure });
  return failure;
}

function framesOf(stack: unknown): string[] {
  if (typeof stack !== 'string') return [];
  return stack
    .split('\n')
    .filter((line) => FRAME.test(line))
    .slice(0, FRAMES_MAX);
}
