import { createWaitingLedger } from '../../../src/clients/postgres/waiting-ledger';
import {
  claimOf,
  type LedgerOnPostgres,
  ledgerOnPostgres,
  newEventId,
} from '../../support/ledger-on-postgres';
import { runSetup } from '../../../tools/sandbox/service/service-process';
import { scratchDatabase } from '../../support/scratch-database';
import { suite } from '../../support/suite';

const ANSWERING = { runId: 'run-1', recordedRequests: 0 };
const EVENTS = 'bulk_notify.bulk_upload_notification_events';

let scratch: Awaited<ReturnType<typeof scratchDatabase>>;
let postgres: LedgerOnPostgres;

beforeEach(async () => {
  scratch = await scratchDatabase();
  await runSetup({ TEMPORAL_ADDRESS: suite().temporal.address, DATABASE_URL: scratch.url });
  postgres = ledgerOnPostgres(scratch.url);
});
afterEach(async () => {
  await postgres.close();
  await scratch.drop();
});

const waiting = () => createWaitingLedger(postgres.database);

/** Dates a notification's first record, or its last request. */
const dateEvent = (id: string, at: string) =>
  postgres.query(`update ${EVENTS} set created_at = $2 where id = $1`, [id, at]);
const dateRequests = (id: string, at: string) =>
  postgres.query('update bulk_notify.resends set requested_at = $2 where event_id = $1', [id, at]);

async function send(eventId: string): Promise<void> {
  const { ledger } = postgres;
  const claimed = await ledger.claim(claimOf({ eventId }));
  if (claimed.status !== 'claimed') throw new Error('it was not claimed');
  await ledger.submit(claimed.attemptId);
  await ledger.settle({
    ...{ attemptId: claimed.attemptId, attempt: 'accepted', reply: '250 ok', state: 'sent' },
  });
}

describe('createWaitingLedger', () => {
  it('counts what is not sent, by state and reason', async () => {
    const { ledger } = postgres;
    await send(newEventId());
    await ledger.claim(claimOf());
    await ledger.park(newEventId(), 'recipient_missing', ANSWERING);
    await ledger.park(newEventId(), 'recipient_missing', ANSWERING);

    expect(await waiting().countOpen()).toEqual(
      expect.arrayContaining([
        { state: 'sending', count: 1 },
        { state: 'parked', reason: 'recipient_missing', count: 2 },
      ]),
    );
  });

  it('knows no oldest when nothing waits', async () => {
    await send(newEventId());
    await postgres.ledger.park(newEventId(), 'refused', ANSWERING);

    expect(await waiting().readOldest()).toBeUndefined();
  });

  it('tells since when the oldest waits: its first record', async () => {
    const [old, young] = [newEventId(), newEventId()];
    await postgres.ledger.claim(claimOf({ eventId: old }));
    await postgres.ledger.claim(claimOf({ eventId: young }));
    await dateEvent(old, '2026-03-01T08:00:00Z');

    expect(await waiting().readOldest()).toEqual(new Date('2026-03-01T08:00:00Z'));
  });

  it('takes the request for the time since when a resend waits', async () => {
    const id = newEventId();
    await send(id);
    await dateEvent(id, '2026-01-01T08:00:00Z');
    await postgres.ledger.requestResend(id, { requestId: 'ticket-1' }, 'run-1');
    await dateRequests(id, '2026-03-01T09:00:00Z');

    expect(await waiting().readOldest()).toEqual(new Date('2026-03-01T09:00:00Z'));
  });

  it('finds the IDs that the ledger lacks', async () => {
    const [known, unknown] = [newEventId(), newEventId()];
    await postgres.ledger.claim(claimOf({ eventId: known }));

    expect(await waiting().findUnrecorded([known, unknown])).toEqual(new Set([unknown]));
    expect(await waiting().findUnrecorded([])).toEqual(new Set());
  });
});
