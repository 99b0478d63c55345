import { ApplicationFailure, workflowInfo } from '@temporalio/workflow';
import { type BulkUploadEvent, trusted } from '../core/event';
import { isOutcome, type Outcome } from '../core/outcome';
import { parseWorkflowId } from '../core/workflow-id';
import type { NotificationOptions } from './messages';

/** A search attribute and a fairness key hold it. */
const ID = /^[\x21-\x7e]{1,64}$/;
const DURATION_MAX_MS = 366 * 24 * 60 * 60 * 1_000;

type Fields = Record<string, unknown>;

interface NotificationInput {
  event: BulkUploadEvent;
  outcome: Outcome;
  /** There is no event: the run was started for its `resend` signal alone. */
  isForSignal: boolean;
}

/** The fields of an input that may have been typed by hand; none if it is no object. */
export function fieldsOf(input: unknown): Fields {
  return Object(input) as Fields;
}

/** Ends the run as failed, which a person sees: a workflow task that is retried for ever says nothing. */
export function invalidInput(what: string): ApplicationFailure {
  return ApplicationFailure.nonRetryable(what, 'InvalidInput');
}

/**
 * What a run is about. One that was started by hand under another ID would escape the deduplication.
 * A run without an event takes what it needs to know from the ledger and the provider.
 */
export function readNotification(input: unknown): NotificationInput {
  const own = parseWorkflowId(workflowInfo().workflowId);
  const { taskId, isVerified } = fieldsOf(input);
  if (!own || own.taskId !== taskId) {
    throw invalidInput(
      'The workflow ID must be bulk_upload_notification:{task_id}:{outcome} of the event, and the event JSON',
    );
  }
  const { outcome } = own;
  if (typeof isVerified === 'boolean') {
    return { event: readEvent(own.taskId, isVerified, input), outcome, isForSignal: false };
  }
  const event = { taskId: own.taskId, isVerified: true, stats: {} };
  return { event, outcome, isForSignal: true };
}

/** Reads an event field by field: what has another type counts as absent. */
function readEvent(taskId: string, isVerified: boolean, input: unknown): BulkUploadEvent {
  const { userId, stats, jobCount, decidedOutcome } = fieldsOf(input);
  const { total, completed, failed } = fieldsOf(stats);
  return trusted({
    taskId,
    isVerified,
    userId: id(userId),
    stats: { total: count(total), completed: count(completed), failed: count(failed) },
    jobCount: count(jobCount),
    decidedOutcome: isOutcome(decidedOutcome) ? decidedOutcome : undefined,
  });
}

export function readOptions(input: unknown): NotificationOptions {
  return { resendWindowMs: duration(fieldsOf(input).resendWindowMs) ?? 0 };
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
