import type { BulkUploadEvent } from '../core/event';
import type { RequestedResend, ResendRequest } from '../../activities/ledger';
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
  const hurriedTo: RequestedResend[] = [];
  let recordedRequests = 0;
  const hurry = createHurry(resends, recordHurried, options);
  const deliver = createDelivery({
    event,
    outcome,
    options,
    progress,
    hurry,
    recordedRequests: () => recordedRequests,
  });

  let owed: RequestedResend | undefined = onlyResend ? undefined : { resend: 0, recordedRequests };
  for (;;) {
    if (owed) {
      await deliver(owed);
      owed = nextAfter(owed.resend);
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
  function nextAfter(delivered: number): RequestedResend | undefined {
    const asked = options.hurriedByAll ? hurriedTo : hurriedTo.splice(0);
    return asked.find(({ resend }) => resend > delivered);
  }

  async function recordHurried(request: ResendRequest): Promise<void> {
    hurriedTo.push(await record(request));
  }

  async function record(request: ResendRequest): Promise<RequestedResend> {
    const requested = await inLedger((activities) => activities.recordResend(request));
    // A request that another run recorded does not lower what this one has recorded by then.
    recordedRequests = Math.max(recordedRequests, requested.recordedRequests);
    return requested;
  }
}
