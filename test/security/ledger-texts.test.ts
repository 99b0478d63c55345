import {
  claimOf,
  type LedgerOnPostgres,
  ledgerOnPostgres,
  newEventId,
} from '../support/ledger-on-postgres';

/** Texts of others may have any length; they must not keep an attempt from being settled. */
const MEGABYTE = 'ü\0'.repeat(500_000);
const KIBIBYTE_8 = 8_192;

let postgres: LedgerOnPostgres;
beforeAll(() => {
  postgres = ledgerOnPostgres();
});
afterAll(() => postgres.close());

const octets = (text: string | null | undefined) => Buffer.byteLength(text ?? '');

it.each([
  ['the relay accepted', 'accepted', 'sent'],
  ['the relay refused', 'refused', 'parked'],
] as const)('settles an attempt that %s with a megabyte of words', async (_, attempt, state) => {
  const claim = claimOf({ fileName: MEGABYTE, userId: MEGABYTE });
  const { attemptId } = (await postgres.ledger.claim(claim)) as { attemptId: string };
  await postgres.ledger.submit(attemptId);
  const reason = state === 'parked' ? 'refused' : undefined;

  const stands = await postgres.ledger.settle({
    attemptId,
    attempt,
    reply: MEGABYTE,
    state,
    reason,
  });

  const event = await postgres.eventOf(claim.eventId);
  const [settled] = await postgres.attemptsOf(claim.eventId);
  expect(stands).toBe(true);
  expect(event).toMatchObject({ state });
  expect(settled).toMatchObject({ state: attempt });
  expect(octets(settled?.reply)).toBeLessThanOrEqual(KIBIBYTE_8);
  expect(octets(settled?.reply)).toBeGreaterThan(2_000);
  expect(octets(event?.file_name)).toBeLessThanOrEqual(KIBIBYTE_8);
  expect(octets(event?.user_id)).toBeLessThanOrEqual(64);
});

it('records a request with a megabyte of words, and tells two long IDs apart', async () => {
  const eventId = newEventId();
  const ids = ['a', 'b'].map((end) => 'r'.repeat(500) + end);
  const said = { requestedBy: MEGABYTE, reason: MEGABYTE };

  for (const requestId of [...ids, ...ids]) {
    const requested = await postgres.ledger.requestResend(eventId, { requestId, ...said }, 'run-1');
    expect(requested).toMatchObject({ resend: 0 });
  }

  const resends = await postgres.resendsOf(eventId);
  expect(resends).toHaveLength(2);
  for (const { request_id, requested_by, reason } of resends) {
    expect(octets(request_id)).toBeLessThanOrEqual(64);
    expect(octets(requested_by)).toBeLessThanOrEqual(KIBIBYTE_8);
    expect(octets(reason)).toBeLessThanOrEqual(KIBIBYTE_8);
  }
});

it('counts a request with a long ID', async () => {
  const claim = claimOf();
  const requestId = 'r'.repeat(500);
  await postgres.ledger.requestResend(claim.eventId, { requestId }, claim.runId);

  const before = await postgres.ledger.claim({ ...claim, recordedRequests: 0 });
  const answered = await postgres.ledger.claim({ ...claim, recordedRequests: 1 });

  expect(before).toEqual({ status: 'superseded' });
  expect(answered).toMatchObject({ status: 'claimed' });
});

it('parks for a reason of any length', async () => {
  const eventId = newEventId();

  await postgres.ledger.park(eventId, MEGABYTE, { runId: 'run-1', recordedRequests: 0 });

  expect(octets((await postgres.eventOf(eventId))?.reason)).toBeLessThanOrEqual(64);
});
