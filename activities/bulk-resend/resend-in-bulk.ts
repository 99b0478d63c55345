import { CancelledFailure } from '@temporalio/activity';
import type { BulkProgress, BulkRequest } from '../../workflows/core/bulk-request';
import { countSelected, selectionsOf } from '../../workflows/core/bulk-selection';
import type { NotificationFilter } from '../../workflows/core/notification-filter';
import { ownRun } from '../own-run';
import { nextSearch } from './bulk-position';
import type { BulkEnd, Bulks, NotificationSearch, ResendRequester } from './bulks';
import { createPace } from './pace';

/** A page takes so long at its pace: what an end of the worker may repeat is little. */
const PAGE_SECONDS = 20;
const PAGE_MAX_ITEMS = 100;

export interface BulkDependencies {
  bulks: Bulks;
  notificationSearch: NotificationSearch;
  resendRequester: ResendRequester;
  /** No bulk resend is faster, whatever it was asked to be. */
  bulkRateMaxPerSecond: number;
}

/** What the pages of a bulk resend need to know. */
export interface OpenedBulk {
  state: 'running' | 'completed';
  filter: NotificationFilter;
  includeSent: boolean;
  ratePerSecond: number;
  matched: number;
  /** There may be more. */
  isMatchedCapped?: boolean;
}

export type BulkPageRequest = Pick<OpenedBulk, 'filter' | 'includeSent' | 'ratePerSecond'> &
  Pick<BulkRequest, 'requestedBy' | 'reason' | 'resendWindowMs'>;

export interface BulkPageResult {
  isLast: boolean;
  progress: BulkProgress;
}

export interface ClosedBulk {
  /** Of its first closing. */
  state: BulkEnd;
  progress: BulkProgress;
}

/** The activities of `bulkResend`. The workflow's own ID is the bulk's. */
export function createBulkResendActivities(deps: BulkDependencies) {
  const { bulks, notificationSearch, resendRequester, bulkRateMaxPerSecond } = deps;

  async function openBulk(request: BulkRequest): Promise<OpenedBulk> {
    const ratePerSecond = Math.min(request.ratePerSecond, bulkRateMaxPerSecond);
    const { matched, ...bulk } = await bulks.open(bulkId(), { ...request, ratePerSecond });
    if (matched !== undefined) return { ...bulk, ratePerSecond, matched };
    return { ...bulk, ratePerSecond, ...(await countMatched(bulk)) };
  }

  async function countMatched({
    filter,
    includeSent,
  }: Pick<OpenedBulk, 'filter' | 'includeSent'>): Promise<
    Pick<OpenedBulk, 'matched' | 'isMatchedCapped'>
  > {
    const counts = await notificationSearch.count(filter);
    const { count, isCapped } = countSelected(counts, includeSent);
    await bulks.recordCount(bulkId(), count, isCapped);
    return { matched: count, isMatchedCapped: isCapped };
  }

  /**
   * Requests the next mails at their pace. All that it knows stands in the ledger, where each item is
   * settled by itself, so that a page may end anywhere and another one goes on there.
   */
  async function resendPage(page: BulkPageRequest): Promise<BulkPageResult> {
    const eventIds = await takeItems(page);
    const takeTurn = createPace(page.ratePerSecond);
    try {
      for (const [done, eventId] of (eventIds ?? []).entries()) {
        await takeTurn({ done, of: eventIds?.length });
        await requestItem(eventId, page);
      }
    } catch (err) {
      if (!isWorkerStopping(err)) throw err;
    }
    return { isLast: !eventIds, progress: await bulks.count(bulkId()) };
  }

  /** Searches on when the turn of all that was found before has come; undefined at the end. */
  async function takeItems(page: BulkPageRequest): Promise<string[] | undefined> {
    const { filter, includeSent, ratePerSecond } = page;
    const limit = Math.min(Math.max(Math.ceil(ratePerSecond * PAGE_SECONDS), 1), PAGE_MAX_ITEMS);
    const { eventIds, position } = await bulks.pending(bulkId(), limit);
    if (eventIds.length > 0) return eventIds;
    const search = nextSearch(selectionsOf(filter, includeSent), position);
    if (!search) return undefined;
    const found = await notificationSearch.list(search.filter, { cursor: search.cursor, limit });
    const ids = found.notifications.map(({ eventId }) => eventId);
    await bulks.add(bulkId(), ids, position, search.after(found.nextCursor));
    return (await bulks.pending(bulkId(), limit)).eventIds;
  }

  async function requestItem(
    eventId: string,
    { includeSent, requestedBy, reason, resendWindowMs }: BulkPageRequest,
  ): Promise<void> {
    if (!(await bulks.check(bulkId(), eventId, includeSent))) return;
    const result = await resendRequester.request({
      ...{ eventId, requestId: bulkId(), requestedBy, reason },
      ...{ unlessSent: !includeSent, resendWindowMs },
    });
    await bulks.settle(bulkId(), eventId, result);
  }

  async function closeBulk(as: BulkEnd): Promise<ClosedBulk> {
    const state = await bulks.close(bulkId(), as);
    return { state, progress: await bulks.count(bulkId()) };
  }

  return { openBulk, resendPage, closeBulk };
}

const bulkId = () => ownRun().workflowId;

/** Rather than that the page was cancelled, paused or reset. */
function isWorkerStopping(err: unknown): boolean {
  return err instanceof CancelledFailure && err.message === 'WORKER_SHUTDOWN';
}
