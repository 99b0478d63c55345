import type { WorkflowHandle } from '@temporalio/client';
import { activityInfo, heartbeat, sleep } from '@temporalio/activity';
import { Worker, type WorkflowBundleOption } from '@temporalio/worker';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { BulkEnd } from '../../../activities/bulk-resend/bulks';
import type { ClosedBulk, OpenedBulk } from '../../../activities/bulk-resend/resend-in-bulk';
import { createBulkRuns } from '../../../src/temporal/bulk-runs';
import { BULK_TYPE, bulkTaskQueue, progressQuery } from '../../../workflows/bulk-resend/messages';
import { type BulkRequest, countByResult } from '../../../workflows/core/bulk-request';
import { until } from '../../../tools/sandbox/until';
import { newBulkId } from '../../support/new-bulk-id';
import { useTemporal, workflowBundle } from '../../support/workflow-worker';

/** Scheduled, started and completed, of a page and of the workflow task that asks for it. */
const EVENTS_PER_PAGE = 6;
/** Start, opening, closing and end of a run. */
const EVENTS_AROUND = 17;
/** Fewer than the 200 of the product, each of which is a round trip. */
const PAGES_PER_RUN = 3;

const temporal = useTemporal();

const request: BulkRequest = {
  requestId: 'OPS-7',
  filter: { state: 'parked', fileName: 'a`b', createdTo: '2026-11-26T00:00:00.000Z' },
  ages: { createdTo: '0m' },
  includeSent: false,
  ratePerSecond: 5,
  requestedBy: 'Kim',
  reason: 'the relay was **mended**',
  resendWindowMs: 0,
};

describe('bulkResend', () => {
  it('requests page after page, and says so', async () => {
    const pages = createPages({ count: 3 });

    const { result, details, progress, history, bulkId } = await withPages(pages, async (bulk) => {
      const handle = await bulk.start();
      return { result: await handle.result(), ...(await shownBy(handle)) };
    });

    expect(pages.closedAs).toEqual(['completed']);
    expect(result).toEqual({ ...countByResult([]), requested: 300 });
    expect(progress).toEqual(result);
    expect(details).toContain('**Completed: 300 of 300 requested**');
    expect(details).toContain('Requested by `Kim`');
    expect(details).toContain('fileName `a b`');
    expect(history.events?.length).toBeLessThanOrEqual(3 * EVENTS_PER_PAGE + EVENTS_AROUND);
    const replayed = Worker.runReplayHistory({ workflowBundle }, history, bulkId);
    await expect(replayed).resolves.toBeUndefined();
  });

  it('continues as new, so that no history has more pages than a run is to have', async () => {
    const pages = createPages({ count: 2 * PAGES_PER_RUN + 2 });

    const lengths = await withShortRuns(pages, async (bulk) => {
      const handle = await bulk.start();
      await handle.result();
      return bulk.historyLengths(handle);
    });

    expect(pages.asked).toBe(2 * PAGES_PER_RUN + 2);
    expect(lengths).toHaveLength(3);
    for (const length of lengths) {
      expect(length).toBeLessThanOrEqual(PAGES_PER_RUN * EVENTS_PER_PAGE + EVENTS_AROUND);
    }
  });

  it('records that it was cancelled, and starts again under the same ID', async () => {
    const pages = createPages({ count: 2, isHeld: true });

    const { first, second, history, bulkId } = await withPages(pages, async (bulk) => {
      const handle = await bulk.start();
      await until('a page is under way', () => pages.asked === 1);
      expect(await bulk.runs.start(bulk.bulkId, request)).toBe(false);
      expect(await bulk.runs.cancel(bulk.bulkId)).toBe(true);
      await expect(handle.result()).rejects.toThrow('cancelled');
      const cancelled = await shownBy(handle);
      const described = await bulk.runs.describe(bulk.bulkId);
      expect(await bulk.runs.cancel(bulk.bulkId)).toBe(true);
      pages.release();
      expect(await bulk.runs.start(bulk.bulkId, request)).toBe(true);
      await bulk.handle().result();
      expect(await bulk.runs.start(bulk.bulkId, request)).toBe(false);
      expect(await bulk.runs.cancel(bulk.bulkId)).toBe(false);
      return { first: described, second: await bulk.runs.describe(bulk.bulkId), ...cancelled };
    });

    expect(pages.closedAs).toEqual(['cancelled', 'completed']);
    expect([first?.status, second?.status]).toEqual(['cancelled', 'completed']);
    const replayed = Worker.runReplayHistory({ workflowBundle }, history, bulkId);
    await expect(replayed).resolves.toBeUndefined();
  });

  it('is cancelled though the last page of its run ended as usual', async () => {
    const { client } = temporal;
    const onPage = async (asked: number) => {
      if (asked === PAGES_PER_RUN) await client.workflow.getHandle(ownBulkId()).cancel();
    };
    const pages = createPages({ count: 2 * PAGES_PER_RUN, onPage });

    const run = withShortRuns(pages, async (bulk) => (await bulk.start()).result());

    await expect(run).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
    expect(pages).toMatchObject({ asked: PAGES_PER_RUN, closedAs: ['cancelled'] });
  });

  it.each(['openBulk', 'resendPage'] as const)(
    'is cancelled though the attempt of %s that is under way fails',
    async (step) => {
      const pages = createPages({ count: 2, failsWhenCancelled: step });

      const { history, bulkId } = await withPages(pages, async (bulk) => {
        const handle = await bulk.start();
        await expect(handle.result()).rejects.toMatchObject({
          cause: { name: 'CancelledFailure' },
        });
        return { bulkId: bulk.bulkId, history: await handle.fetchHistory() };
      });

      expect(pages).toMatchObject({ closedAs: ['cancelled'], state: 'cancelled' });
      const replayed = Worker.runReplayHistory({ workflowBundle }, history, bulkId);
      await expect(replayed).resolves.toBeUndefined();
    },
  );

  it('is completed when its completion was recorded before it is cancelled', async () => {
    const pages = createPages({ count: 1, failsWhenCancelled: 'closeBulk' });

    const { result, details } = await withPages(pages, async (bulk) => {
      const handle = await bulk.start();
      return { result: await handle.result(), ...(await shownBy(handle)) };
    });

    expect(pages).toMatchObject({ closedAs: ['completed', 'cancelled'], state: 'completed' });
    expect(result).toMatchObject({ requested: 100 });
    expect(details).toContain('**Completed: 100 of 100 requested**');
  });

  it('requests nothing when it was completed before', async () => {
    const pages = createPages({ count: 3, state: 'completed' });

    await withPages(pages, async (bulk) => (await bulk.start()).result());

    expect(pages).toMatchObject({ asked: 0, closedAs: [] });
  });

  it.each([
    ['no request', []],
    ['a filter without an upper bound', [{ ...request, filter: { state: 'parked' } }]],
    ['an unknown filter', [{ ...request, filter: { ...request.filter, email: 'x' } }]],
    ['no rate', [{ ...request, ratePerSecond: 0 }]],
    ['a rate that the ledger cannot bear', [{ ...request, ratePerSecond: 1_000 }]],
  ])('fails when it is started by hand with %s', async (_what, args) => {
    const pages = createPages({ count: 1 });

    const run = withPages(pages, async (bulk) => (await bulk.start(args)).result());

    await expect(run).rejects.toThrow('Workflow execution failed');
    expect(pages.asked).toBe(0);
  });
});

interface PagesOptions {
  count: number;
  state?: OpenedBulk['state'];
  /** Whether a page goes on until it is cancelled or released. */
  isHeld?: boolean;
  onPage?: (asked: number) => Promise<void>;
  /** The step that does its work, and whose first attempt then fails, once its run is cancelled. */
  failsWhenCancelled?: keyof ReturnType<typeof createPages>['activities'];
}

/** Activities that request a hundred mails a page. */
function createPages(options: PagesOptions) {
  const { count, state = 'running', onPage, failsWhenCancelled } = options;
  let { isHeld = false } = options;
  const { filter, includeSent, ratePerSecond } = request;
  const progress = () => ({ ...countByResult([]), requested: 100 * pages.asked });
  const pages = {
    asked: 0,
    state: state as OpenedBulk['state'] | BulkEnd,
    closedAs: [] as string[],
    release: () => void (isHeld = false),
    activities: {
      async openBulk(): Promise<OpenedBulk> {
        await failWhenCancelled('openBulk');
        if (pages.state === 'cancelled') pages.state = 'running';
        return { state: pages.state, filter, includeSent, ratePerSecond, matched: count * 100 };
      },
      async resendPage() {
        pages.asked += 1;
        await onPage?.(pages.asked);
        await failWhenCancelled('resendPage');
        while (isHeld) {
          heartbeat();
          await sleep(50);
        }
        return { isLast: pages.asked >= count, progress: progress() };
      },
      async closeBulk(as: BulkEnd): Promise<ClosedBulk> {
        pages.closedAs.push(as);
        if (pages.state === 'running') pages.state = as;
        if (as === 'completed') await failWhenCancelled('closeBulk');
        return { state: pages.state, progress: progress() };
      },
    },
  };
  return pages;

  async function failWhenCancelled(step: PagesOptions['failsWhenCancelled']): Promise<void> {
    if (step !== failsWhenCancelled) return;
    await temporal.client.workflow.getHandle(ownBulkId()).cancel();
    for (;;) {
      heartbeat();
      await sleep(50).catch(() => {
        throw new Error('the database did not answer');
      });
    }
  }
}

/** In an activity. */
function ownBulkId(): string {
  return activityInfo().workflowExecution?.workflowId ?? '';
}

/** The built workflow with these pages, on task queues of their own. */
async function withPages<T>(
  { activities }: ReturnType<typeof createPages>,
  body: (bulk: ReturnType<typeof createBulk>) => Promise<T>,
  bundle: WorkflowBundleOption = workflowBundle,
): Promise<T> {
  const { client, connection } = temporal;
  const taskQueue = `test-${randomUUID()}`;
  const { namespace } = client.options;
  const [workflows, pages] = await Promise.all([
    Worker.create({ connection, namespace, taskQueue, workflowBundle: bundle }),
    Worker.create({
      ...{ connection, namespace, taskQueue: bulkTaskQueue(taskQueue), activities },
      maxHeartbeatThrottleInterval: '100ms',
    }),
  ]);
  return workflows.runUntil(pages.runUntil(body(createBulk(taskQueue))));
}

/** The same, the built workflow having so few pages in a run. */
function withShortRuns<T>(...[pages, body]: Parameters<typeof withPages<T>>): Promise<T> {
  const built = readFileSync(workflowBundle.codePath, 'utf8');
  const parts = built.split('const PAGES_PER_RUN = 200;');
  expect(parts).toHaveLength(2);
  return withPages(pages, body, { code: parts.join(`const PAGES_PER_RUN = ${PAGES_PER_RUN};`) });
}

function createBulk(taskQueue: string) {
  const { client } = temporal;
  const bulkId = newBulkId();
  const handle = () => client.workflow.getHandle(bulkId);
  return {
    bulkId,
    handle,
    runs: createBulkRuns({ client, taskQueue, resendWindowMs: 0 }),
    start: (args: unknown[] = [request]) =>
      client.workflow.start(BULK_TYPE, { workflowId: bulkId, taskQueue, args }),
    /** Of its runs, the first one first. */
    async historyLengths(first: WorkflowHandle & { firstExecutionRunId?: string }) {
      const lengths: number[] = [];
      let runId = first.firstExecutionRunId;
      while (runId) {
        const { events } = await client.workflow.getHandle(bulkId, runId).fetchHistory();
        lengths.push(events?.length ?? 0);
        runId =
          events?.at(-1)?.workflowExecutionContinuedAsNewEventAttributes?.newExecutionRunId ??
          undefined;
      }
      return lengths;
    },
  };
}

async function shownBy(handle: WorkflowHandle) {
  const { currentDetails = '' } = await handle.query<{ currentDetails?: string }>(
    '__temporal_workflow_metadata',
  );
  const progress = await handle.query(progressQuery);
  const history = await handle.fetchHistory();
  return { bulkId: handle.workflowId, details: currentDetails, progress, history };
}
