import { createBulkReports } from '../../../src/clients/postgres/bulk-reports';
import { createBulks } from '../../../src/clients/postgres/bulks';
import type { BulkRequest } from '../../../workflows/core/bulk-request';
import { claimOf } from '../../support/ledger-on-postgres';
import { newBulkId } from '../../support/new-bulk-id';
import { FIRST, settlement, useLedger } from '../../support/use-ledger';

const { postgres, ledger, send, claimAttempt } = useLedger();
const bulks = createBulks(postgres.database);
const reports = createBulkReports(postgres.database);

const order: BulkRequest = {
  requestId: 'OPS-7',
  filter: { state: 'parked', createdTo: '2026-11-26T00:00:00.000Z' },
  ages: { createdTo: '1h' },
  includeSent: false,
  ratePerSecond: 0.5,
  requestedBy: 'Kim',
  reason: 'the relay was mended',
  resendWindowMs: 0,
};

async function opened(change: Partial<BulkRequest> = {}): Promise<string> {
  const bulkId = newBulkId();
  await bulks.open(bulkId, { ...order, ...change });
  return bulkId;
}

/** A notification in the ledger that is parked. */
async function parked(reason = 'recipient_missing'): Promise<string> {
  const { eventId } = claimOf();
  await ledger.park(eventId, reason, FIRST);
  return eventId;
}

async function sent(): Promise<string> {
  const claim = claimOf();
  await send(claim);
  return claim.eventId;
}

/** As the run of the notification takes the request of a bulk resend. */
const takeRequest = (eventId: string, requestId: string, unlessSent = true) =>
  ledger.requestResend(eventId, { requestId, unlessSent }, 'run-2');

describe('open', () => {
  it('records who asks for what, and why', async () => {
    const bulkId = await opened();

    expect(await reports.read(bulkId)).toMatchObject({
      ...{ bulkId, requestId: 'OPS-7', state: 'running', filter: order.filter },
      ages: order.ages,
      ...{ includeSent: false, ratePerSecond: 0.5, requestedBy: 'Kim' },
      reason: 'the relay was mended',
    });
    expect((await reports.list()).map((bulk) => bulk.bulkId)).toContain(bulkId);
  });

  it('again after a cancellation, keeps what it is about and takes who, why and the rate', async () => {
    const bulkId = await opened();
    await bulks.recordCount(bulkId, 10_000, true);
    await bulks.close(bulkId, 'cancelled');
    const later = { filter: {}, ages: {}, includeSent: true, ratePerSecond: 2, requestedBy: 'Ada' };

    const again = await bulks.open(bulkId, { ...order, ...later });

    const { filter, ages } = order;
    expect(again).toEqual({
      ...{ state: 'running', filter, includeSent: false },
      ...{ matched: 10_000, isMatchedCapped: true },
    });
    const read = await reports.read(bulkId);
    expect(read).toMatchObject({ filter, ages, ratePerSecond: 2, requestedBy: 'Ada' });
    expect(read?.state).toBe('running');
    expect(read?.finishedAt).toBeUndefined();
  });

  it('again after its completion, changes nothing', async () => {
    const bulkId = await opened();
    await bulks.close(bulkId, 'completed');

    const again = await bulks.open(bulkId, { ...order, requestedBy: 'Ada' });

    expect(again.state).toBe('completed');
    expect(await reports.read(bulkId)).toMatchObject({ state: 'completed', requestedBy: 'Kim' });
  });
});

describe('close', () => {
  it('keeps the first end, and returns it', async () => {
    const bulkId = await opened();

    expect(await bulks.close(bulkId, 'completed')).toBe('completed');
    expect(await bulks.close(bulkId, 'cancelled')).toBe('completed');

    expect((await reports.read(bulkId))?.state).toBe('completed');
  });

  it('of one that was never opened records nothing', async () => {
    const bulkId = newBulkId();

    expect(await bulks.close(bulkId, 'cancelled')).toBe('cancelled');

    expect(await reports.read(bulkId)).toBeUndefined();
  });
});

describe('add', () => {
  it('adds items once, in their order, and moves the position', async () => {
    const [bulkId, first, second] = await Promise.all([opened(), parked(), parked()]);

    await bulks.add(bulkId, [first, second], undefined, 'a');
    await bulks.add(bulkId, [second], 'a', 'b');

    const eventIds = [first, second];
    expect(await bulks.pending(bulkId, 10)).toEqual({ eventIds, position: 'b' });
    expect(await bulks.pending(bulkId, 1)).toEqual({ eventIds: [first], position: 'b' });
  });

  it('changes nothing when another worker has moved the position', async () => {
    const [bulkId, first, second] = await Promise.all([opened(), parked(), parked()]);
    await bulks.add(bulkId, [first], undefined, 'a');

    await bulks.add(bulkId, [second], undefined, 'z');

    expect(await bulks.pending(bulkId, 10)).toEqual({ eventIds: [first], position: 'a' });
  });
});

describe('check', () => {
  it.each([
    ['one that is parked', parked, true, 'pending'],
    ['one that was sent', sent, false, 'already_sent'],
    ['one that may have been sent', () => parked('uncertain'), false, 'uncertain'],
  ])('of %s', async (_what, make, isDue, result) => {
    const [bulkId, eventId] = await Promise.all([opened(), make()]);
    await bulks.add(bulkId, [eventId], undefined, 'a');

    expect(await bulks.check(bulkId, eventId, false)).toBe(isDue);

    expect(await reports.items(bulkId, { limit: 10 })).toMatchObject({ items: [{ result }] });
  });

  it.each([
    ['one that was sent', sent],
    ['one that may have been sent', () => parked('uncertain')],
  ])('of %s, with accepted mails included, is due', async (_what, make) => {
    const [bulkId, eventId] = await Promise.all([opened({ includeSent: true }), make()]);
    await bulks.add(bulkId, [eventId], undefined, 'a');

    expect(await bulks.check(bulkId, eventId, true)).toBe(true);
  });

  it('of one that was requested is not due, whoever asks', async () => {
    const [bulkId, eventId] = await Promise.all([opened(), parked()]);
    await bulks.add(bulkId, [eventId], undefined, 'a');
    await bulks.settle(bulkId, eventId, 'requested');

    expect(await bulks.check(bulkId, eventId, false)).toBe(false);
    expect(await bulks.check(bulkId, eventId, true)).toBe(false);
  });
});

describe('check of an item whose request was the last act of a killed worker', () => {
  it.each([
    ['waits', () => Promise.resolve()],
    ['was sent', async (eventId: string) => void (await send(claimOf({ eventId })))],
  ])('says that it was requested when the mail %s', async (_what, end) => {
    const [bulkId, eventId] = await Promise.all([opened(), parked()]);
    await bulks.add(bulkId, [eventId], undefined, 'a');
    await takeRequest(eventId, bulkId);
    await end(eventId);

    expect(await bulks.check(bulkId, eventId, false)).toBe(false);

    expect(await bulks.pending(bulkId, 10)).toMatchObject({ eventIds: [] });
    expect(await bulks.count(bulkId)).toMatchObject({ requested: 1, already_sent: 0 });
  });
});

describe('the report of a requested mail', () => {
  async function requested(make: () => Promise<string>, change: Partial<BulkRequest> = {}) {
    const [bulkId, eventId] = await Promise.all([opened(change), make()]);
    await bulks.add(bulkId, [eventId], undefined, 'a');
    await bulks.settle(bulkId, eventId, 'requested');
    return { bulkId, eventId };
  }
  const itemOf = async (bulkId: string) => (await reports.items(bulkId, { limit: 1 })).items[0];

  it('says waiting until the request is taken, and until it is sent', async () => {
    const { bulkId, eventId } = await requested(parked);
    expect(await itemOf(bulkId)).toMatchObject({ result: 'requested', becameOf: 'waiting' });

    await takeRequest(eventId, bulkId);

    expect(await itemOf(bulkId)).toMatchObject({ result: 'requested', becameOf: 'waiting' });
  });

  it('says sent when the mail was accepted', async () => {
    const { bulkId, eventId } = await requested(parked);
    await takeRequest(eventId, bulkId);
    await send(claimOf({ eventId, runId: 'run-2', recordedRequests: 1 }));

    expect(await itemOf(bulkId)).toMatchObject({ result: 'requested', becameOf: 'sent' });
    expect((await reports.read(bulkId))?.counts).toMatchObject({ requested: 1, sent: 1 });
  });

  it('says parked when it was refused again', async () => {
    const { bulkId, eventId } = await requested(parked);
    await takeRequest(eventId, bulkId);
    const attemptId = await claimAttempt(claimOf({ eventId, runId: 'run-2', recordedRequests: 1 }));
    const refused = { attempt: 'refused', state: 'parked', reason: 'refused' } as const;
    await ledger.settle(settlement(attemptId, refused));

    expect(await itemOf(bulkId)).toMatchObject({ result: 'requested', becameOf: 'parked' });
  });

  it('says that it was sent before when the request came too late', async () => {
    const { bulkId, eventId } = await requested(sent);
    await takeRequest(eventId, bulkId);

    const item = await itemOf(bulkId);
    expect(item).toMatchObject({ result: 'already_sent' });
    expect(item?.becameOf).toBeUndefined();
    expect((await reports.read(bulkId))?.counts).toMatchObject({ requested: 0, already_sent: 1 });
  });

  it('says sent of a mail that was sent before only when it was sent once more', async () => {
    const { bulkId, eventId } = await requested(sent, { includeSent: true });
    await takeRequest(eventId, bulkId, false);
    expect(await itemOf(bulkId)).toMatchObject({ result: 'requested', becameOf: 'waiting' });

    await send(claimOf({ eventId, resend: 1, runId: 'run-2', recordedRequests: 1 }));

    expect(await itemOf(bulkId)).toMatchObject({ result: 'requested', becameOf: 'sent' });
  });
});

describe('items', () => {
  it('come page by page, and of one result alone', async () => {
    const [bulkId, ...eventIds] = await Promise.all([opened(), parked(), parked(), parked()]);
    await bulks.add(bulkId, eventIds, undefined, 'a');
    await bulks.settle(bulkId, String(eventIds[1]), 'failed');

    const first = await reports.items(bulkId, { limit: 2 });
    const second = await reports.items(bulkId, { limit: 2, cursor: first.nextCursor });
    const failed = await reports.items(bulkId, { limit: 2, result: 'failed' });

    const ids = [...first.items, ...second.items].map(({ eventId }) => eventId);
    expect(ids).toEqual(eventIds);
    expect(second.nextCursor).toBeUndefined();
    expect(failed.items.map(({ eventId }) => eventId)).toEqual([eventIds[1]]);
    expect(await bulks.count(bulkId)).toMatchObject({ pending: 2, failed: 1 });
  });

  it('rejects a cursor of another list', async () => {
    await expect(reports.items(newBulkId(), { limit: 1, cursor: 'x' })).rejects.toThrow(RangeError);
  });
});
