import { workflowInfo } from '@temporalio/workflow';
import type { DeclinedRequest, KnownNotification, RequestedResend } from '../../activities/ledger';
import { isBulkId } from '../core/bulk-request';
import type { Delivery } from '../core/deliver';
import type { BulkUploadEvent } from '../core/event';
import { attemptDelivery } from './attempt-delivery';
import { conclude, toStatus } from './conclude';
import { endAsCancelled } from './end-as-cancelled';
import { createInLedger } from './in-ledger';
import { invalidInput, readNotification, readOptions } from './input';
import type { NotificationOptions, NotificationStatus } from './messages';
import { createProgress } from './progress';
import { createResendRequests } from './resend-requests';

/** `isBulk`: only a bulk resend has asked for it. */
type ToDeliver = Pick<Delivery, 'resend' | 'isBulk'> & Delivery['known'];
type RequestedMail = RequestedResend & ToDeliver;

/** Sends the owner of an upload one mail, or parks it with a reason; then sends it again on request. */
export function bulkUploadNotification(
  input: BulkUploadEvent | Pick<BulkUploadEvent, 'taskId'>,
  givenOptions?: NotificationOptions,
): Promise<NotificationStatus> {
  return endAsCancelled(() => notify(input, givenOptions));
}

async function notify(
  input: unknown,
  givenOptions: NotificationOptions | undefined,
): Promise<NotificationStatus> {
  const { event, outcome, isForSignal } = readNotification(input);
  const options = readOptions(givenOptions);
  const progress = createProgress(event, outcome);
  const inLedger = createInLedger(progress.showUnrecorded);
  const requests = createResendRequests();
  if (isForSignal && !requests.arePending()) {
    throw invalidInput(
      'There is nothing to send: start the run by signal-with-start (resend), or with the event of a webhook',
    );
  }
  let recordedRequests = 0;
  let isRequested = false;
  /** Resends that were requested by those who interrupted a delivery. */
  const requested: RequestedMail[] = [];

  let next: ToDeliver | undefined = isForSignal ? undefined : { resend: 0, isBulk: false };
  for (;;) {
    if (next) {
      await settle(next);
      next = requestedAfter(next.resend);
      continue;
    }
    if (progress.canResend() && options.resendWindowMs > 0) {
      await requests.arrival(options.resendWindowMs);
    }
    if (!requests.arePending()) return progress.end();
    const recorded = await recordRequest();
    if ('standing' in recorded) decline(recorded);
    else next = recorded;
  }

  /** Begins anew with each request that interrupts it, until the mail is settled. */
  async function settle(mail: ToDeliver): Promise<void> {
    let { isBulk } = mail;
    for (;;) {
      const delivery = toDelivery({ ...mail, isBulk });
      const result = await attemptDelivery(delivery, { requests, progress, inLedger });
      if (result) {
        const run = { event, options, inLedger, recordedRequests, isRequested };
        progress.settle(await conclude(result, { ...run, known: knownOf(mail) }));
        return requests.answered();
      }
      while (requests.arePending()) {
        const recorded = await recordRequest();
        // A declined one has interrupted the delivery, too: what waits is tried now.
        if ('standing' in recorded) continue;
        requested.push(recorded);
        // A mail that is due anyway does not come after others because a bulk resend asks for it, too.
        isBulk &&= recorded.isBulk;
      }
    }
  }

  /** The notification stays as it is; a run that was started for the request learns how that is. */
  function decline({ standing, ...known }: DeclinedRequest): void {
    requests.answered();
    progress.keep(known, toStatus(standing.verdict, standing.reply));
  }

  /** By the provider, by a webhook that can be trusted, or by the ledger. */
  function knownOf({ userId, fileName, emailCount }: ToDeliver): KnownNotification {
    const learned = progress.learned();
    const { stats, jobCount } = event;
    return {
      userId: learned.userId ?? event.userId ?? userId,
      fileName: learned.fileName ?? fileName,
      emailCount: learned.emailCount ?? stats.total ?? jobCount ?? emailCount,
    };
  }

  function toDelivery({ resend, isBulk, userId, fileName, emailCount }: ToDeliver): Delivery {
    const known = { userId, fileName, emailCount };
    const startedAt = new Date().toISOString();
    const mailDate = resend === 0 ? workflowInfo().startTime.toISOString() : startedAt;
    return { event, outcome, resend, isBulk, known, recordedRequests, startedAt, mailDate };
  }

  async function recordRequest(): Promise<RequestedMail | DeclinedRequest> {
    const request = requests.take();
    const recorded = await inLedger((activities) => activities.recordRequest(request));
    if ('standing' in recorded) return recorded;
    isRequested = true;
    // A request that another run recorded does not lower what this one has recorded.
    recordedRequests = Math.max(recordedRequests, recorded.recordedRequests);
    return { ...recorded, isBulk: isBulkId(request.requestId) };
  }

  /**
   * A worker that died may have sent the mail already: then a request that interrupted it asks for the
   * next resend, and one that came after it for the one after that.
   */
  function requestedAfter(resend: number): ToDeliver | undefined {
    return requested.find((request) => request.resend > resend);
  }
}
