import type { BulkUploadEvent } from '../core/event';
import type { RequestedCopy, ResendRequest } from '../../activities/ledger';
import { createDelivery } from './delivery';
import { createHurry } from './hurry';
import { identity } from './identity';
import { readEvent, readOptions } from './input';
import { recordShowing } from './look-up';
import type { NotificationOptions, NotificationStatus } from './messages';
import { createProgress } from './progress';
import { createResendRequests } from './resend-requests';

/** Owes the owner of an upload one mail, until it is sent or parked; then sends copies on request. */
export async function bulkUploadNotification(
  input: BulkUploadEvent,
  givenOptions?: NotificationOptions,
): Promise<NotificationStatus> {
  const { taskId, outcome } = identity(input);
  const event = readEvent(taskId, input);
  const { onlyResend, ...options } = readOptions(givenOptions);
  const { resendWindowMs = 0 } = options;
  const progress = createProgress(event, outcome);
  const inLedger = recordShowing(progress.showTrouble);
  const resends = createResendRequests();
  /** What the requests that hurried a delivery asked for. */
  const hurriedTo: RequestedCopy[] = [];
  /** The request that is answered now: the last one that was recorded. */
  let answering = '';
  const hurry = createHurry(resends, recordHurried, options);
  const deliver = createDelivery({
    event,
    outcome,
    options,
    progress,
    hurry,
    answering: () => answering,
  });

  let owed: RequestedCopy | undefined = onlyResend ? undefined : { copy: 0 };
  for (;;) {
    if (owed) {
      await deliver(owed);
      owed = nextAfter(owed.copy);
      resends.answered();
      continue;
    }
    if (progress.canResend() && resendWindowMs > 0) await resends.arrival(resendWindowMs);
    const request = resends.take();
    if (!request) return progress.end();
    owed = await record(request);
  }

  /**
   * A worker that died may have sent the copy already: then such a request asks for the next one, and
   * one that came after it for the one after that. Runs of before forget all but the first of them.
   */
  function nextAfter(delivered: number): RequestedCopy | undefined {
    const asked = options.hurriedByAll ? hurriedTo : hurriedTo.splice(0);
    return asked.find(({ copy }) => copy > delivered);
  }

  async function recordHurried(request: ResendRequest): Promise<void> {
    hurriedTo.push(await record(request));
  }

  async function record(request: ResendRequest): Promise<RequestedCopy> {
    const copy = await inLedger((activities) => activities.recordResend(request));
    answering = request.requestId;
    return copy;
  }
}
