import { ApplicationFailure } from '@temporalio/workflow';
import type { BulkUploadEvent } from '../core/event';
import type { Outcome } from '../core/outcome';
import type { NotificationOptions } from './messages';
import { trusted } from '../core/event';

/** A search attribute and a fairness key hold it. */
const ID = /^[\x21-\x7e]{1,64}$/;
const DURATION_MAX_MS = 366 * 24 * 60 * 60 * 1_000;

type Fields = Record<string, unknown>;

/** The fields of an input that may have been typed by hand; none if it is no object. */
export function fieldsOf(input: unknown): Fields {
  return Object(input) as Fields;
}

/** The run ends as failed, which a person sees: a task that is retried for ever says nothing. */
export function invalidInput(what: string): ApplicationFailure {
  return ApplicationFailure.nonRetryable(what, 'InvalidInput');
}

/** Reads an event field by field: what has another type counts as absent. */
export function readEvent(taskId: string, input: unknown): BulkUploadEvent {
  const { isVerified, userId, stats, jobCount, decidedOutcome } = fieldsOf(input);
  const { total, completed, failed } = fieldsOf(stats);
  return trusted({
    taskId,
    isVerified: isVerified === true,
    userId: id(userId),
    stats: { total: count(total), completed: count(completed), failed: count(failed) },
    jobCount: count(jobCount) ?? 0,
    decidedOutcome: isOutcome(decidedOutcome) ? decidedOutcome : undefined,
  });
}

export function readOptions(input: unknown): NotificationOptions {
  const { resendWindowMs, onlyResend, atOnce, parksInLedger, hurriedByAll } = fieldsOf(input);
  return {
    resendWindowMs: duration(resendWindowMs) ?? 0,
    onlyResend: onlyResend === true,
    atOnce: atOnce === true,
    hurriedByAll: hurriedByAll === true,
    ...(parksInLedger === true && { parksInLedger }),
  };
}

export function duration(value: unknown): number | undefined {
  return typeof value === 'number' && value >= 0 ? Math.min(value, DURATION_MAX_MS) : undefined;
}

export function id(value: unknown): string | undefined {
  return typeof value === 'string' && ID.test(value) ? value : undefined;
}

export function count(value: unknown): number | undefined {
  return Number.isSafeInteger(value) && Number(value) >= 0 ? Number(value) : undefined;
}

function isOutcome(value: unknown): value is Outcome {
  return value === 'completed' || value === 'failed';
}
