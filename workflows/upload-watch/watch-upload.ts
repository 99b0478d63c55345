import {
  type ActivityOptions,
  isCancellation,
  log,
  proxyActivities,
  proxyLocalActivities,
  setCurrentDetails,
  workflowInfo,
} from '@temporalio/workflow';
import type { Activities } from '../../activities';
import type { UploadCheck, UploadWatchResult } from '../../activities/upload-watch/check-upload';
import { startNotification } from '../notification/start-notification';
import { createCheckRequests } from './check-requests';
import { readUpload, readWatchOptions } from './input';
import { checksTaskQueue, type UploadWatchOptions, type WatchedUpload } from './messages';
import { describeWatch, type WatchState } from './watch-details';

/** Uploads of one burst are not checked in one burst: each waits up to half as long again. */
const JITTER = 0.5;

const { isNotified } = proxyLocalActivities<Activities>({
  startToCloseTimeout: '5s',
  retry: { maximumAttempts: 1 },
});
/**
 * Not a local one: the end of the notification that was just started makes the server refuse a
 * workflow task that ends the watch, and all that such a task did would be counted again.
 */
const { countUploadWatch } = proxyActivities<Activities>({ startToCloseTimeout: '5s' });

/**
 * Waits until the webhook of an upload is overdue. If there is no notification by then, asks the
 * provider until the upload is final, and starts the notification that the webhook would have
 * started, under the same workflow ID.
 */
export async function watchUpload(
  input: WatchedUpload,
  watchOptions: UploadWatchOptions,
): Promise<UploadWatchResult> {
  const upload = readUpload(input);
  const options = readWatchOptions(watchOptions);
  const show = (state: WatchState) => setCurrentDetails(describeWatch(state, upload));
  const requests = createCheckRequests();

  const waitMs = Math.round(options.sweepAfterMs * (1 + JITTER * Math.random()));
  show({ waitsFor: 'webhook', until: Date.now() + waitMs });
  await requests.wait(waitMs);

  let check: UploadCheck = { status: 'notified' };
  if (!(await isNotifiedAsFarAsKnown(upload.taskId))) {
    const giveUpAt = workflowInfo().startTime.getTime() + options.giveUpAfterMs;
    show({ waitsFor: 'provider', until: giveUpAt });
    const { checkUpload } = proxyActivities<Activities>(checkOptions());
    check = await requests.restarting(() => checkUpload({ taskId: upload.taskId, giveUpAt }));
  }
  const result = check.status === 'final' ? await notify(upload, check, options) : check.status;
  if (result !== 'notified') await countUploadWatch(result);
  if (check.status === 'task_unknown' || check.status === 'gave_up') {
    log.warn('bulk_upload_notification.upload_unknown', { task_id: upload.taskId, result });
  }
  show({ result });
  return result;
}

/** One quick question: while the ledger does not answer, the durable check asks it again. */
async function isNotifiedAsFarAsKnown(taskId: string): Promise<boolean> {
  return isNotified(taskId).catch((err: unknown) => {
    if (isCancellation(err)) throw err;
    return false;
  });
}

/** Failures of the provider name their delays; the policy applies while the ledger is down. */
function checkOptions(): ActivityOptions {
  return {
    taskQueue: checksTaskQueue(workflowInfo().taskQueue),
    startToCloseTimeout: '45s',
    retry: { initialInterval: '1m', backoffCoefficient: 2, maximumInterval: '10m' },
  };
}

async function notify(
  { taskId, ...upload }: WatchedUpload,
  final: Extract<UploadCheck, { status: 'final' }>,
  { resendWindowMs }: UploadWatchOptions,
): Promise<UploadWatchResult> {
  const { outcome, userId = upload.userId, emailCount: total = upload.emailCount } = final;
  const event = { taskId, isVerified: true, userId, stats: { total } };
  const { id, started } = await startNotification(event, outcome, { resendWindowMs });
  if (!started) return 'already_started';
  if (!upload.ownCallback) return 'webhook_elsewhere';
  const facts = { event_id: id, task_id: taskId, outcome };
  log.warn('bulk_upload_notification.webhook_lost', facts);
  return 'webhook_lost';
}
