import type { BulkUploadEvent } from '../core/event';
import type { Outcome } from '../core/outcome';
import type { NotificationOptions } from './messages';
import { startNotification } from './start-notification';

/** Gives the mail to the run of the outcome that the provider names, unless that one was there. */
export async function handOver(
  event: BulkUploadEvent,
  outcome: Outcome,
  options: NotificationOptions,
) {
  const { id: handedOverTo } = await startNotification(event, outcome, options);
  return { state: 'handed_over', handedOverTo } as const;
}
