import { randomUUID } from 'node:crypto';
import { addUser } from '../../tools/sandbox/postgres/add-user';
import { createOperator } from '../../tools/sandbox/temporal/operator';
import { until } from '../../tools/sandbox/until';
import type { BulkOrder } from '../../src/operator/bulk-resends';
import { workflowId } from '../../workflows/core/workflow-id';
import { type BulkStage, startBulkStage } from '../support/bulk-stage';
import { untilAnswered } from '../support/until-answered';

const PARKED = 500;
const RATE = 50;
/** Other tests have bulk resends in the same namespace. */
const REQUEST_ID = randomUUID();
/** On a busy machine a mail takes a while. */
const PATIENTLY = { timeoutMs: 120_000, intervalMs: 100 };

let stage: BulkStage;
beforeAll(async () => {
  stage = await startBulkStage();
});
afterAll(() => stage.close());

const order = (change: Partial<BulkOrder> = {}): BulkOrder => ({
  ...{ filter: { state: 'parked' }, requestId: REQUEST_ID, includeSent: false },
  ...{ ratePerSecond: RATE, requestedBy: 'Kim', reason: 'the profiles were mended' },
  ...change,
});

type Upload = Awaited<ReturnType<BulkStage['surroundings']['addUpload']>>;

/** Uploads whose owners have no address, and whose notifications were parked for it long ago. */
async function parkUploads(count: number): Promise<Upload[]> {
  const { surroundings, scratch } = stage;
  const uploads = await surroundings.addUploads(
    Array.from({ length: count }, () => ({ email: null })),
  );
  const ids = uploads.map(({ taskId }) => `'${workflowId(taskId, 'completed')}'`);
  await scratch.execute(
    `insert into bulk_notify.bulk_upload_notification_events (id, state, reason)
       select id, 'parked', 'recipient_missing' from unnest(array[${ids.join(', ')}]) as id`,
  );
  return uploads;
}

/** Gives each owner an address. */
async function mend(uploads: Upload[]): Promise<void> {
  const owners = uploads.map(({ userId }) => ({
    userId,
    profileEmail: `mended-${userId}@customer.example`,
  }));
  await addUser(stage.scratch.url, ...owners);
}

const requestedOf = async (bulkId: string) =>
  (await stage.bulkResends.show(bulkId))?.counts.requested ?? 0;

/** By the ledger and by its run. */
async function untilState(bulkId: string, state: string): Promise<void> {
  await until(
    `the bulk resend is ${state}`,
    async () => {
      const shown = await stage.bulkResends.show(bulkId);
      return shown?.state === state && shown.run !== undefined;
    },
    PATIENTLY,
  );
}

/** Starts one that does not run, and returns its ID. */
async function startNew(change: Partial<BulkOrder> = {}): Promise<string> {
  let calls = 0;
  const { bulkId, isNew } = await untilAnswered(() => {
    calls += 1;
    return stage.bulkResends.start(order(change));
  });
  // One that was started by a call whose answer was late runs at the next call.
  expect(isNew || calls > 1).toBe(true);
  return bulkId;
}

it('mails each of 500 parked notifications once, through a cancellation and a killed worker', async () => {
  const { surroundings, bulkResends, client, scratch } = stage;
  const worker = await surroundings.start('worker');
  const uploads = await parkUploads(PARKED);
  const preview = () => bulkResends.preview({ state: 'parked' }, { includeSent: false });

  expect(await preview()).toMatchObject({ count: PARKED, isCapped: false });
  expect((await preview()).sample).toHaveLength(5);
  expect(surroundings.relay.received).toHaveLength(0);
  await mend(uploads);

  const bulkId = await startNew();
  expect(await untilAnswered(() => bulkResends.start(order()))).toEqual({ bulkId, isNew: false });
  await until('a hundred are requested', async () => (await requestedOf(bulkId)) >= 100, PATIENTLY);
  expect(await untilAnswered(() => bulkResends.cancel(bulkId))).toBe(true);
  await untilState(bulkId, 'cancelled');
  const stopped = await requestedOf(bulkId);
  expect(stopped).toBeLessThan(PARKED);
  const narrower = order({ filter: { state: 'parked', reason: 'recipient_missing' } });
  expect(await bulkResends.start(narrower)).toMatchObject({
    ...{ bulkId, isNew: false, refusal: expect.stringMatching(/otherwise \(reason\): give/) },
  });

  expect(await startNew({ requestedBy: 'Ada' })).toBe(bulkId);
  await until(
    'more are requested',
    async () => (await requestedOf(bulkId)) >= stopped + 50,
    PATIENTLY,
  );
  await worker.stop('SIGKILL');
  const next = await surroundings.start('worker');
  const operator = createOperator(client, () => [next.pid], surroundings.taskQueue);
  await until(
    'each mail is sent',
    async () => {
      // What the killed worker had begun would wait for its heartbeat, and then for a minute.
      await operator.retryNow();
      return (await bulkResends.show(bulkId))?.counts.sent === PARKED;
    },
    PATIENTLY,
  );
  await untilState(bulkId, 'completed');

  const shown = await bulkResends.show(bulkId);
  expect(shown).toMatchObject({
    ...{ state: 'completed', matched: PARKED, requestedBy: 'Ada', run: { status: 'completed' } },
    counts: { pending: 0, requested: PARKED, sent: PARKED, failed: 0, already_sent: 0 },
  });
  expect(await preview()).toMatchObject({ count: 0 });
  expect(await bulkResends.start(order())).toEqual({ bulkId, isNew: false });
  await expectOneMailEach(uploads);

  const rows = await scratch.execute<{ at: Date; requested_by: string }>(
    `select i.at, r.requested_by from bulk_notify.bulk_items i
       join bulk_notify.resends r on r.event_id = i.event_id and r.request_id = i.bulk_id
       where r.reason = 'the profiles were mended' order by i.id`,
  );
  expect(rows).toHaveLength(PARKED);
  expect(rows.slice(0, stopped).every((row) => row.requested_by === 'Kim')).toBe(true);
  expect(rows.at(-1)?.requested_by).toBe('Ada');
  expectRate(rows.map(({ at }) => at.getTime()));
  await next.stop();
}, 300_000);

it('goes on at once, without a failure, when its worker is stopped in order', async () => {
  const { surroundings, bulkResends, client } = stage;
  const worker = await surroundings.start('worker');
  await mend(await parkUploads(30));

  const bulkId = await startNew({ requestId: `${REQUEST_ID}-2`, ratePerSecond: 5 });
  await until('some are requested', async () => (await requestedOf(bulkId)) >= 3, PATIENTLY);
  await worker.stop();
  const stopped = await requestedOf(bulkId);
  await surroundings.start('worker');
  await untilState(bulkId, 'completed');

  expect(stopped).toBeLessThan(30);
  expect((await bulkResends.show(bulkId))?.counts).toMatchObject({ requested: 30 });
  const { events } = await client.workflow.getHandle(bulkId).fetchHistory();
  const attempts = events?.flatMap(
    ({ activityTaskStartedEventAttributes: started }) => started?.attempt ?? [],
  );
  expect(new Set(attempts)).toEqual(new Set([1]));
}, 180_000);

/** A mail that was under way when its worker was killed may be sent again: then the ledger says so. */
async function expectOneMailEach(uploads: Upload[]): Promise<void> {
  const attempts = await stage.scratch.execute<{ recipient: string; state: string }>(
    `select recipient, state from bulk_notify.attempts where state in ('accepted', 'ambiguous')`,
  );
  const accepted = attempts.filter(({ state }) => state === 'accepted');
  expect(accepted).toHaveLength(uploads.length);
  const mailed = new Set(stage.surroundings.relay.received.map(({ envelope }) => envelope.to[0]));
  expect(mailed.size).toBe(uploads.length);
  expect(stage.surroundings.relay.received.length).toBeLessThanOrEqual(attempts.length);
}

/** In no five seconds more than the rate allows; the instants are those of the records. */
function expectRate(instants: number[]): void {
  const seconds = 5;
  const most = Math.max(
    ...instants.map(
      (from) => instants.filter((at) => at >= from && at < from + seconds * 1_000).length,
    ),
  );
  expect(most).toBeLessThanOrEqual(RATE * (seconds + 1));
}
