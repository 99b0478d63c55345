import { randomUUID } from 'node:crypto';
import type { Database } from '../../../src/clients/postgres/database';
import { createLedgerReader } from '../../../src/clients/postgres/ledger-reader';
import { addUser } from '../../../tools/sandbox/postgres/add-user';
import { claimOf, newEventId } from '../../support/ledger-on-postgres';
import { suite } from '../../support/suite';
import { ACCEPTED, FIRST, request, useLedger } from '../../support/use-ledger';

const { postgres, ledger, send, claimAttempt } = useLedger();
const reader = createLedgerReader(postgres.database);

/** So many notifications of one user, sent one after the other; the newest first. */
async function sentOf(userId: string, fileNames: string[]): Promise<string[]> {
  const ids: string[] = [];
  for (const fileName of fileNames) {
    const claim = claimOf({ userId, fileName });
    await send(claim);
    ids.unshift(claim.eventId);
  }
  return ids;
}

const idsOf = (rows: { eventId: string }[]) => rows.map(({ eventId }) => eventId);

describe('list', () => {
  it('pages from the newest to the oldest, each notification once', async () => {
    const userId = randomUUID();
    const ids = await sentOf(userId, ['a.csv', 'b.csv', 'c.csv', 'd.csv', 'e.csv']);

    const first = await reader.list({ userId }, { limit: 2 });
    await sentOf(userId, ['newer.csv']);
    const second = await reader.list({ userId }, { limit: 2, cursor: first.nextCursor });
    const third = await reader.list({ userId }, { limit: 2, cursor: second.nextCursor });

    const pages = [first, second, third].map(({ notifications }) => idsOf(notifications));
    expect(pages).toEqual([ids.slice(0, 2), ids.slice(2, 4), ids.slice(4)]);
    expect(third).not.toHaveProperty('nextCursor');
  });

  it('pages through notifications of the same moment', async () => {
    const userId = randomUUID();
    await postgres.query(
      `insert into bulk_notify.bulk_upload_notification_events (id, user_id)
         select 'bulk_upload_notification:' || gen_random_uuid() || ':failed', $1
           from generate_series(1, 5)`,
      [userId],
    );

    const first = await reader.list({ userId }, { limit: 3 });
    const second = await reader.list({ userId }, { limit: 3, cursor: first.nextCursor });

    const ids = [first, second].flatMap(({ notifications }) => idsOf(notifications));
    expect(new Set(ids).size).toBe(5);
    expect(second.nextCursor).toBeUndefined();
  });

  it('shows what the ledger has of a notification', async () => {
    const userId = randomUUID();
    const [eventId = ''] = await sentOf(userId, ['customers.csv']);

    const { notifications } = await reader.list({ userId }, { limit: 1 });

    expect(notifications).toEqual([
      {
        ...{ eventId, taskId: eventId.split(':')[1], outcome: 'completed', state: 'sent', userId },
        ...{ fileName: 'customers.csv', emailCount: 12, sentCount: 1 },
        ...{ createdAt: expect.any(String), updatedAt: expect.any(String) },
      },
    ]);
  });

  it.each([
    ['state', { state: 'sent' as const }],
    ['outcome', { outcome: 'failed' as const }],
    ['part of the file name, in any case', { fileName: "L'ETE" }],
    ['part of the file name with characters of patterns', { fileName: `%_'\\` }],
    ['time', { createdTo: '2020-01-01T00:00:00Z' }],
    ['reason', { reason: 'gave_up' as const }],
  ])('filters by %s', async (_, filter) => {
    // given: one that each filter matches, and one that only these do not
    const userId = randomUUID();
    await sentOf(userId, [`l'ete %_'\\.csv`]);
    const failed = newEventId('failed');
    const old = newEventId();
    await ledger.claim(claimOf({ eventId: failed, userId, fileName: 'other.csv' }));
    await ledger.claim(claimOf({ eventId: old, userId, fileName: 'other.csv' }));
    await ledger.park(old, 'gave_up', FIRST);
    await postgres.query(
      `update bulk_notify.bulk_upload_notification_events set created_at = '2019-12-31' where id = $1`,
      [old],
    );

    // when
    const { notifications } = await reader.list({ userId, ...filter }, { limit: 10 });
    const counts = await reader.count({ userId, ...filter });

    // then
    expect(notifications).toHaveLength(1);
    expect(counts).toEqual([
      expect.objectContaining({ state: notifications[0]?.state, count: 1, isCapped: false }),
    ]);
  });

  it('refuses a text that is no cursor', async () => {
    const list = reader.list({}, { limit: 1, cursor: '1; drop table' });

    await expect(list).rejects.toThrow('not a cursor');
  });

  it('refuses a filter with a field that it does not know', async () => {
    const list = postgres.query('select bulk_notify.list_notifications($1, null, null, 1)', [
      JSON.stringify({ user: 'x' }),
    ]);

    await expect(list).rejects.toMatchObject({ code: '22023' });
  });
});

describe('count', () => {
  it('counts by state and reason', async () => {
    const userId = randomUUID();
    await sentOf(userId, ['a.csv', 'b.csv']);
    await ledger.claim(claimOf({ userId }));
    for (const reason of ['gave_up', 'refused', 'refused']) {
      const { eventId } = claimOf();
      await claimAttempt(claimOf({ eventId, userId }));
      await ledger.park(eventId, reason, FIRST);
    }
    const resent = claimOf({ userId });
    await send(resent);
    await ledger.requestResend(resent.eventId, request('again'), 'run-1');

    const counts = await reader.count({ userId });

    expect(counts).toEqual([
      { state: 'waiting', count: 1, isCapped: false, sentBefore: 1 },
      { state: 'sending', count: 1, isCapped: false },
      { state: 'sent', count: 2, isCapped: false },
      { state: 'parked', reason: 'gave_up', count: 1, isCapped: false },
      { state: 'parked', reason: 'refused', count: 2, isCapped: false },
    ]);
  });
});

describe('countByDay', () => {
  it('counts the days of the span in UTC by outcome, with today', async () => {
    const today = new Date().toISOString().slice(0, 10);
    const countOf = async () =>
      (await reader.countByDay(14)).find((row) => row.day === today && row.outcome === 'failed')
        ?.count ?? 0;
    const before = await countOf();

    await ledger.park(newEventId('failed'), 'gave_up', FIRST);

    expect(await countOf()).toBeGreaterThan(before);
  });
});

describe('read', () => {
  it('returns the attempts and the requests of a notification, and what became of them', async () => {
    // given
    const claim = claimOf();
    const { eventId } = claim;
    await send(claim);
    await ledger.requestResend(eventId, request('first'), 'run-1');
    await send({ ...claim, resend: 1, recordedRequests: 1 });
    await ledger.requestResend(eventId, request('second'), 'run-1');

    // when
    const recorded = await reader.read(eventId);

    // then
    expect(recorded?.notification).toMatchObject({ eventId, state: 'waiting', sentCount: 2 });
    expect(recorded?.attempts).toEqual(
      [0, 1].map((resend) => ({
        ...{ id: expect.any(String), resend, verdict: 'accepted', reply: ACCEPTED },
        ...{ recipient: claim.recipient, messageId: claim.messageId },
        ...{ claimedAt: expect.any(String), submittedAt: expect.any(String) },
        settledAt: expect.any(String),
      })),
    );
    expect(recorded?.resends).toEqual([
      {
        ...{ requestId: 'first', resend: 1, requestedBy: 'ada', reason: 'lost', result: 'sent' },
        requestedAt: expect.any(String),
      },
      expect.objectContaining({ requestId: 'second', resend: 2, result: 'waiting' }),
    ]);
  });

  it('takes one snapshot, so that a new request is not judged by the state before it', async () => {
    const { eventId } = claimOf();
    await ledger.park(eventId, 'recipient_missing', FIRST);
    const query: Database['query'] = async (text, values) => {
      const rows = await postgres.database.query(text, values);
      await ledger.requestResend(eventId, request('meanwhile'), 'run-1');
      return rows as never;
    };

    const recorded = await createLedgerReader({ query }).read(eventId);

    expect(recorded).toMatchObject({ notification: { state: 'parked' }, resends: [] });
    expect((await reader.read(eventId))?.resends).toMatchObject([{ result: 'waiting' }]);
  });

  it('returns nothing for an ID that the ledger does not have', async () => {
    expect(await reader.read(newEventId())).toBeUndefined();
  });
});

describe('the look-ups', () => {
  it('finds both outcomes of a task', async () => {
    const completed = newEventId('completed');
    const failed = completed.replace('completed', 'failed');
    await ledger.park(completed, 'gave_up', FIRST);
    await ledger.park(failed, 'gave_up', FIRST);

    const rows = await reader.findByTask(completed.split(':')[1] ?? '');

    expect(idsOf(rows)).toEqual([completed, failed]);
  });

  it('finds notifications by the address of an attempt, in any case', async () => {
    const recipient = `Owner-${randomUUID()}@customer.example`;
    const claim = claimOf({ recipient });
    await send(claim);

    const rows = await reader.findRecipient(recipient.toUpperCase());

    expect(idsOf(rows)).toEqual([claim.eventId]);
  });

  it('finds users by the address of their profile or account, in any case', async () => {
    const [first, second] = [randomUUID(), randomUUID()];
    const address = `Owner-${randomUUID()}@customer.example`;
    await addUser(
      suite().postgres.url,
      { userId: first, profileEmail: address },
      { userId: second, authEmail: address.toLowerCase() },
    );

    const found = await reader.findUsers(address.toUpperCase());

    expect(found).toEqual({ userIds: [first, second], faults: [] });
  });
});
