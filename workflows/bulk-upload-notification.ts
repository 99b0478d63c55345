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
  const hurry = createHurry(resends, (request) =>
    quickThenDurable((activities) => activities.recordResend(request)),
  );
  const deliver = createDelivery({ event, outcome, options: { resendWindowMs }, progress, hurry });

  if (!onlyResend) await deliver({ copy: 0 });
  for (;;) {
    const request = await resends.next(progress.canResend() ? resendWindowMs : 0);
    if (!request) return progress.end();
    const copy = await quickThenDurable((activities) => activities.recordResend(request));
    if (copy) await deliver(copy);
  }
}
