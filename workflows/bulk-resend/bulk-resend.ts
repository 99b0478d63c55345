import {
  ActivityCancellationType,
  CancellationScope,
  continueAsNew,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { Activities } from '../../activities';
import type { BulkEnd } from '../../activities/bulk-resend/bulks';
import type { OpenedBulk } from '../../activities/bulk-resend/resend-in-bulk';
import { type BulkProgress, type BulkRequest, countByResult } from '../core/bulk-request';
import { retrySchedule } from '../core/retry-schedule';
import { endAsCancelled } from '../notification/end-as-cancelled';
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
export function bulkResend(input: BulkRequest): Promise<BulkProgress> {
  return endAsCancelled(() => resendInBulk(input));
}

async function resendInBulk(input: unknown): Promise<BulkProgress> {
  const request = readBulkRequest(input);
  const { requestedBy, reason, resendWindowMs } = request;
  const { openBulk, resendPage, closeBulk } = proxyActivities<Activities>(options());
  let bulk: OpenedBulk | undefined;
  let progress = countByResult([]);
  setHandler(progressQuery, () => progress);

  try {
    bulk = await openBulk(request);
    const { filter, includeSent, ratePerSecond } = bulk;
    show(bulk.state);
    if (bulk.state === 'completed') return progress;
    for (let pages = 1; ; pages += 1) {
      const page = { filter, includeSent, ratePerSecond, requestedBy, reason, resendWindowMs };
      const { isLast, progress: reached } = await resendPage(page);
      progress = reached;
      show('running');
      if (isLast) break;
      if (pages >= PAGES_PER_RUN || workflowInfo().continueAsNewSuggested) {
        return await continueAsNew<typeof bulkResend>(request);
      }
    }
    await close('completed');
  } catch (err) {
    // What was under way may have failed of something else, recorded that all is done, or ended as
    // usual, and the next run would not know of the cancellation.
    if (!CancellationScope.current().consideredCancelled) throw err;
    const state = await CancellationScope.nonCancellable(() => close('cancelled'));
    if (state === 'cancelled') throw err;
  }
  return progress;

  async function close(as: BulkEnd): Promise<BulkEnd> {
    const { state, progress: reached } = await closeBulk(as);
    progress = reached;
    show(state);
    return state;
  }

  function show(state: BulkRunState): void {
    if (bulk) setCurrentDetails(describeBulk({ state, request, bulk, progress }));
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
