import type { SearchAttributePair } from '@temporalio/common';
import type { BulkUploadEvent } from '../core/event';
import type { Outcome } from '../core/outcome';
import type { NotificationOptions } from './messages';
import { searchAttributes } from '../core/search-attributes';

/** What a run of this event carries from its start, whoever starts it: the endpoint or a hand-over. */
export function startOptions(
  event: BulkUploadEvent,
  outcome: Outcome,
  options: NotificationOptions,
) {
  const { resendWindowMs = 0 } = options;
  const typedSearchAttributes: SearchAttributePair[] = [
    { key: searchAttributes.taskId, value: event.taskId },
    { key: searchAttributes.outcome, value: outcome },
  ];
  // Else the run is open only while it waits, and each attribute that changes costs an event.
  if (resendWindowMs > 0)
    typedSearchAttributes.push({ key: searchAttributes.state, value: 'waiting' });
  if (event.userId)
    typedSearchAttributes.push({ key: searchAttributes.userId, value: event.userId });
  const args: [BulkUploadEvent, NotificationOptions] = [
    event,
    { ...options, atOnce: true, parksInLedger: true, hurriedByAll: true },
  ];
  return {
    args,
    typedSearchAttributes,
    staticSummary: `Bulk upload ${outcome}: ${countsOf(event)}`,
  };
}

function countsOf({ isVerified, stats: { total, failed }, jobCount }: BulkUploadEvent): string {
  if (!isVerified) return 'as a webhook without a signature says';
  return `${total ?? jobCount} addresses${failed ? `, ${failed} failed` : ''}`;
}
