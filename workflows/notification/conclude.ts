import type { DeliveryResult, SettledSend } from '../core/deliver';
import { type Reason, reasons } from '../core/reasons';
import type { BulkUploadEvent } from '../core/event';
import type { InLedger } from './in-ledger';
import type { NotificationOptions } from './messages';
import type { SettledStatus } from './progress';
import { startNotification } from './start-notification';

interface ConcludeOptions {
  event: BulkUploadEvent;
  options: NotificationOptions;
  inLedger: InLedger;
  /** Requests of this run that the ledger has. */
  recordedRequests: number;
  /** Whether a person has requested the mail in this run: then the ledger has a row that waits. */
  isRequested: boolean;
}

/**
 * Does what the result of a delivery asks for. Undefined: a recorded request supersedes the delivery,
 * and is still there to be taken.
 */
export async function conclude(
  result: DeliveryResult,
  { event, options, inLedger, recordedRequests, isRequested }: ConcludeOptions,
): Promise<SettledStatus | undefined> {
  if ('handOverTo' in result) {
    const { id: handedOverTo } = await startNotification(event, result.handOverTo, options);
    return { state: 'handed_over', handedOverTo };
  }
  if ('verdict' in result) {
    const { verdict, reply, unrecorded } = result;
    if (unrecorded) await inLedger((activities) => activities.recordSettlement(unrecorded));
    return verdict === 'superseded' ? undefined : toStatus(verdict, reply);
  }
  const { state } = reasons[result.reason];
  if (state !== 'parked' && !isRequested) return { state, reason: result.reason };
  const reason = state === 'parked' ? result.reason : 'task_metadata_missing';
  const standing = await inLedger((activities) =>
    activities.recordParked(reason, recordedRequests),
  );
  // A run that was reset may have sent the mail before, whatever the look-ups say now.
  return standing ? toStatus(standing.verdict, standing.reply) : { state: 'parked', reason };
}

export function toStatus(
  verdict: Exclude<SettledSend['verdict'], 'superseded'>,
  relayReply: string,
): SettledStatus {
  switch (verdict) {
    case 'accepted':
      return { state: 'sent', relayReply };
    case 'assumed':
      return { state: 'sent', relayReply, assumed: true };
    default:
      return { state: 'parked', reason: verdict satisfies Reason, relayReply };
  }
}
