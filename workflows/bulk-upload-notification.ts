import type { RequestedCopy, ResendRequest } from '../activities/types';
import { createDelivery } from './delivery';
import { createHurry } from './hurry';
import { identity } from './identity';
import { quickThenDurable } from './look-up';
import type { BulkUploadEvent, NotificationOptions, NotificationStatus } from './messages';
import { createProgress } from './progress';
import { createResendRequests } from './resend-requests';

/** Owes the owner of an upload one mail, until it is sent or parked; then sends copies on request. */
export async function bulkUploadNotification(
  event: BulkUploadEvent,
  { resendWindowMs = 0, onlyResend = false }: NotificationOptions = {},
): Promise<NotificationStatus> {
  const { outcome } = identity(event);
  const progress = createProgress(event, outcome);
  const resends = createResendRequests();
  /** What the requests that hurried a delivery asked for. */
  const hurriedTo: RequestedCopy[] = [];
  const hurry = createHurry(resends, async (request) => {
    const copy = await record(request);
    if (copy) hurriedTo.push(copy);
  });
  const deliver = createDelivery({ event, outcome, options: { resendWindowMs }, progress, hurry });

  if (!onlyResend) await deliverWithNext({ copy: 0 });
  for (;;) {
    const request = await resends.next(progress.canResend() ? resendWindowMs : 0);
    if (!request) return progress.end();
    const copy = await record(request);
    if (copy) await deliverWithNext(copy);
  }

  /** A worker that died may have sent the copy already: then such a request asks for the next one. */
  async function deliverWithNext(requested: RequestedCopy): Promise<void> {
    await deliver(requested);
    const next = hurriedTo.splice(0).find(({ copy }) => copy > requested.copy);
    if (next) await deliverWithNext(next);
  }
}

function record(request: ResendRequest): Promise<RequestedCopy | null> {
  return quickThenDurable((activities) => activities.recordResend(request));
}
