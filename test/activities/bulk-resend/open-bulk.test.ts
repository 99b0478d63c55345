import { MockActivityEnvironment } from '@temporalio/testing';
import type { Bulks, RecordedBulk } from '../../../activities/bulk-resend/bulks';
import {
  createBulkResendActivities,
  type OpenedBulk,
} from '../../../activities/bulk-resend/resend-in-bulk';
import { type BulkRequest, countByResult } from '../../../workflows/core/bulk-request';
import { describeBulk } from '../../../workflows/bulk-resend/bulk-details';
import { newBulkId } from '../../support/new-bulk-id';

const request: BulkRequest = {
  ...{ requestId: 'OPS-7', filter: { state: 'waiting' }, ages: {}, includeSent: false },
  ...{ ratePerSecond: 5, resendWindowMs: 0 },
};

/** Opens a bulk resend whose filter matches more than are counted, and shows it while it runs. */
async function open(recorded: Pick<RecordedBulk, 'matched' | 'isMatchedCapped'> = {}) {
  const counted: [matched: number, isCapped: boolean][] = [];
  const bulks: Pick<Bulks, 'open' | 'recordCount'> = {
    open: (_bulkId, { filter, includeSent }) =>
      Promise.resolve({ state: 'running', filter, includeSent, ...recorded }),
    recordCount: (_bulkId, ...count) => Promise.resolve(void counted.push(count)),
  };
  const { openBulk } = createBulkResendActivities({
    bulks: bulks as Bulks,
    notificationSearch: {
      list: () => Promise.resolve({ notifications: [] }),
      count: () => Promise.resolve([{ state: 'waiting', count: 10_000, isCapped: true }]),
    },
    resendRequester: { request: () => Promise.resolve('requested') },
    bulkRateMaxPerSecond: 50,
  });
  const workflowExecution = { workflowId: newBulkId(), runId: 'run-1' };
  const environment = new MockActivityEnvironment({ workflowExecution });
  const bulk = await environment.run<[BulkRequest], OpenedBulk, typeof openBulk>(openBulk, request);
  const progress = { ...countByResult([]), requested: 24_100 };
  return { counted, details: describeBulk({ state: 'running', request, bulk, progress }) };
}

describe('openBulk', () => {
  it('records that there may be more than were counted, and the details say so', async () => {
    const { counted, details } = await open();

    expect(counted).toEqual([[10_000, true]]);
    expect(details).toContain('**Resending: 24100 of 10000+ requested**');
  });

  it('counts once: a run that goes on has the count of the first', async () => {
    const { counted, details } = await open({ matched: 30_000, isMatchedCapped: false });

    expect(counted).toEqual([]);
    expect(details).toContain('**Resending: 24100 of 30000 requested**');
  });
});
