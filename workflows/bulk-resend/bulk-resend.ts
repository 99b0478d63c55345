import {
  ActivityCancellationType,
  CancellationScope,
  continueAsNew,
  isCancellation,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { Activities } from '../../activities';
import { type BulkProgress, type BulkRequest, countByResult } from '../core/bulk-request';
import { retrySchedule } from '../core/retry-schedule';
import { type BulkRunState, describeBulk } from './bulk-details';
import { readBulkRequest } from './input';
import { bulkTaskQueue, progressQuery } from './messages';

/** A page takes six events. */
const PAGES_PER_RUN = 200;

/**
 * Requests a resend of each notification that a filter matches, page by page at a rate. The ledger
 * keeps how far it has come: a run that begins goes on there, after a cancellation as after its
 * predecessor.
 */
export async function bulkResend(input: BulkRequest): Promise<BulkProgress> {
  const request = readBulkRequest(input);
  const { requestedBy, reason, resendWindowMs } = request;
  const { openBulk, resendPage, closeBulk } = proxyActivities<Activities>(options());
  let progress = countByResult([]);
  setHandler(progressQuery, () => progress);

  const bulk = await openBulk(request);
  const { filter, includeSent, ratePerSecond } = bulk;
  show(bulk.state);
  if (bulk.state === 'completed') return progress;
  try {
    for (let pages = 1; ; pages += 1) {
      const page = { filter, includeSent, ratePerSecond, requestedBy, reason, resendWindowMs };
      const { isLast, progress: reached } = await resendPage(page);
      progress = reached;
      show('running');
      if (isLast) break;
      if (pages >= PAGES_PER_RUN || workflowInfo().continueAsNewSuggested) {
        // The page may have ended as usual all the same: the next run would not know.
        const { consideredCancelled, cancelRequested } = CancellationScope.current();
        if (consideredCancelled) await cancelRequested;
        return await continueAsNew<typeof bulkResend>(request);
      }
    }
    await close('completed');
  } catch (err) {
    if (isCancellation(err)) await CancellationScope.nonCancellable(() => close('cancelled'));
    throw err;
  }
  return progress;

  async function close(state: 'completed' | 'cancelled'): Promise<void> {
    progress = await closeBulk(state);
    show(state);
  }

  function show(state: BulkRunState): void {
    setCurrentDetails(describeBulk({ state, request, bulk, progress }));
  }
}

/** A cancelled page settles the item that is under way before the bulk resend is closed. */
function options() {
  const { delayMinMs, delayMaxMs } = retrySchedule.bulkPage;
  return {
    taskQueue: bulkTaskQueue(workflowInfo().taskQueue),
    startToCloseTimeout: '10m',
    heartbeatTimeout: '30s',
    retry: { initialInterval: delayMinMs, backoffCoefficient: 2, maximumInterval: delayMaxMs },
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  } as const;
}
