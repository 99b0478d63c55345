import type { SearchAttributePair } from '@temporalio/common';
import type { BulkUploadEvent } from '../core/event';
import { isBulkId } from '../core/bulk-request';
import type { Outcome } from '../core/outcome';
import { priorityOf } from '../core/priority';
import type { NotificationOptions, ResendSignal } from './messages';
import { searchAttributes } from '../core/search-attributes';

/** How every run of an event is started, by the endpoint, a hand-over or the watch of an upload. */
export function startOptions(
  event: BulkUploadEvent,
  outcome: Outcome,
  options: NotificationOptions,
) {
  const args: [BulkUploadEvent, NotificationOptions] = [event, options];
  return {
    args,
    priority: priorityOf({ userId: event.userId, isBulk: false }),
    typedSearchAttributes: attributesAtStart(event, outcome, options),
    staticSummary: `Bulk upload ${outcome}: ${countsOf(event)}`,
  };
}

/** How a run is started that has no event, only a `resend` signal. */
export function resendStartOptions(
  taskId: string,
  outcome: Outcome,
  { requestId = '' }: ResendSignal,
  options: NotificationOptions,
) {
  const args: [Pick<BulkUploadEvent, 'taskId'>, NotificationOptions] = [{ taskId }, options];
  return {
    args,
    priority: priorityOf({ isBulk: isBulkId(requestId) }),
    typedSearchAttributes: attributesAtStart({ taskId }, outcome, options),
    staticSummary: `Bulk upload ${outcome}: resend`,
  };
}

function attributesAtStart(
  { taskId, userId }: Pick<BulkUploadEvent, 'taskId' | 'userId'>,
  outcome: Outcome,
  { resendWindowMs }: NotificationOptions,
): SearchAttributePair[] {
  const attributes: SearchAttributePair[] = [
    { key: searchAttributes.taskId, value: taskId },
    { key: searchAttributes.outcome, value: outcome },
  ];
  // Without a window the run is open only while it waits, and each change of an attribute costs an event.
  if (resendWindowMs > 0) attributes.push({ key: searchAttributes.state, value: 'waiting' });
  if (userId) attributes.push({ key: searchAttributes.userId, value: userId });
  return attributes;
}

function countsOf({ isVerified, stats: { total, failed }, jobCount }: BulkUploadEvent): string {
  if (!isVerified) return 'as a webhook without a signature says';
  const addresses = total ?? jobCount;
  if (addresses === undefined) return 'as the provider says';
  return `${addresses} addresses${failed ? `, ${failed} failed` : ''}`;
}
