import type { KnownNotification } from '../../activities/ledger';
import type { DeliveryResult, SettledSend } from '../core/deliver';
import { isNothingToSend, type ParkReason, type Reason, reasons } from '../core/reasons';
import type { BulkUploadEvent } from '../core/event';
import { type InLedger, recordSettlement } from './in-ledger';
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
  /** What a parked notification is found by. */
  known: KnownNotification;
}

/**
 * Does what the result of a delivery asks for. Undefined: a recorded request supersedes the delivery,
 * and is still there to be taken.
 */
export async function conclude(
  result: DeliveryResult,
  { event, options, inLedger, recordedRequests, isRequested, known }: ConcludeOptions,
): Promise<SettledStatus | undefined> {
  const park = (reason: ParkReason) =>
    inLedger((activities) => activities.recordParked(reason, recordedRequests, known));

  if ('handOverTo' in result) {
    const { id: handedOverTo } = await startNotification(event, result.handOverTo, options);
    // The request is for a mail that is never sent: its row must not wait for ever.
    if (isRequested) await park('task_metadata_missing');
    return { state: 'handed_over', handedOverTo };
  }
  if ('verdict' in result) {
    const { verdict, reply, unrecorded } = result;
    if (unrecorded) await recordSettlement(inLedger, unrecorded);
    return verdict === 'superseded' ? undefined : toStatus(verdict, reply);
  }
  const { reason } = result;
  if (isNothingToSend(reason) && !isRequested) return { state: reasons[reason].state, reason };
  const parkReason = isNothingToSend(reason) ? 'task_metadata_missing' : reason;
  const standing = await park(parkReason);
  // A run that was reset may have sent the mail before, whatever the look-ups say now.
  return standing
    ? toStatus(standing.verdict, standing.reply)
    : { state: 'parked', reason: parkReason };
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
