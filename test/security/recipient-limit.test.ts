import type { Claim } from '../../activities/ledger';
import { createLedger } from '../../src/clients/postgres/ledger';
import { claimOf, type LedgerOnPostgres, ledgerOnPostgres } from '../support/ledger-on-postgres';
import { newRecipient } from '../support/new-recipient';
import { requestedOf } from '../support/use-ledger';

/** A profile may have a stranger's address, who must not be flooded. */
const LIMIT = 5;
const PARKED = { status: 'parked', reason: 'recipient_limit', reply: '' };
const DAY = "interval '24 hours'";

let postgres: LedgerOnPostgres;
let ledger: ReturnType<typeof createLedger>;
beforeAll(() => {
  postgres = ledgerOnPostgres();
  ledger = createLedger({ database: postgres.database, recipientMaxPerDay: LIMIT });
});
afterAll(() => postgres.close());

async function send(claim: Claim, end: 'accepted' | 'deferred' | 'refused' = 'accepted') {
  const claimed = await ledger.claim(claim);
  if (claimed.status !== 'claimed') return claimed;
  const { attemptId } = claimed;
  await ledger.submit(attemptId);
  const state = { accepted: 'sent', deferred: 'waiting', refused: 'parked' } as const;
  const reason = end === 'refused' ? 'refused' : undefined;
  await ledger.settle({ attemptId, attempt: end, reply: '', state: state[end], reason });
  return claimed;
}

async function sendUpToTheLimit(recipient: string): Promise<Claim[]> {
  const claims = Array.from({ length: LIMIT }, () => claimOf({ recipient }));
  for (const claim of claims) await send(claim);
  return claims;
}

it('parks a mail beyond the limit of its address', async () => {
  const recipient = newRecipient();
  await sendUpToTheLimit(recipient);

  const next = claimOf({ recipient });
  const claimed = await ledger.claim(next);

  expect(claimed).toEqual(PARKED);
  const parked = { state: 'parked', reason: 'recipient_limit', sent_count: 0 };
  expect(await postgres.eventOf(next.eventId)).toMatchObject(parked);
  expect(await postgres.attemptsOf(next.eventId)).toEqual([]);
  expect(await ledger.claim(next)).toMatchObject({ status: 'parked', reason: 'recipient_limit' });
});

it('counts an address in any case, and no other address', async () => {
  const recipient = newRecipient();
  await sendUpToTheLimit(recipient);

  const shouted = await ledger.claim(claimOf({ recipient: recipient.toUpperCase() }));
  const other = await ledger.claim(claimOf({ recipient: newRecipient() }));

  expect(shouted).toEqual(PARKED);
  expect(other).toMatchObject({ status: 'claimed' });
});

it('claims no more than the limit out of a hundred concurrent claims', async () => {
  const recipient = newRecipient();
  const claims = Array.from({ length: 100 }, () => claimOf({ recipient }));

  // As many at once as the pool has connections: the others would wait for one, which has a limit.
  const claimed: Awaited<ReturnType<typeof ledger.claim>>[] = [];
  const claimInTurn = async () => {
    for (let claim = claims.pop(); claim; claim = claims.pop()) {
      claimed.push(await ledger.claim(claim));
    }
  };
  await Promise.all(Array.from({ length: 10 }, claimInTurn));

  expect(claimed).toHaveLength(100);
  expect(claimed.filter(({ status }) => status === 'claimed')).toHaveLength(LIMIT);
});

it('counts mails that the relay may have, and no others', async () => {
  const recipient = newRecipient();
  for (const end of ['deferred', 'refused', 'accepted', 'accepted'] as const) {
    await send(claimOf({ recipient }), end);
  }
  const lost = claimOf({ recipient });
  const claimed = (await ledger.claim(lost)) as { attemptId: string };
  await ledger.submit(claimed.attemptId);
  await ledger.park(lost.eventId, 'gave_up', { runId: 'run-1', recordedRequests: 0 });

  const more = [];
  for (let n = 0; n < 4; n++) more.push((await send(claimOf({ recipient }))).status);

  expect(more).toEqual(['claimed', 'claimed', 'parked', 'parked']);
});

it('claims an uncertain mail beyond the limit, and a deferred one within it', async () => {
  const recipient = newRecipient();
  const uncertain = claimOf({ recipient });
  const claimed = (await ledger.claim(uncertain)) as { attemptId: string };
  await ledger.submit(claimed.attemptId);
  const deferred = claimOf({ recipient });
  await send(deferred, 'deferred');
  for (let n = 0; n < LIMIT - 1; n++) await send(claimOf({ recipient }));

  expect(await send(uncertain)).toMatchObject({ status: 'claimed' });
  expect(await send(deferred)).toEqual(PARKED);
});

it('claims a resend that a person requested', async () => {
  const recipient = newRecipient();
  const [sent] = await sendUpToTheLimit(recipient);
  const parked = claimOf({ recipient });
  await ledger.claim(parked);

  const first = await ledger.requestResend(parked.eventId, { requestId: 'r1' }, 'run-1');
  const second = requestedOf(
    await ledger.requestResend(sent!.eventId, { requestId: 'r1' }, 'run-1'),
  );

  expect(first).toMatchObject({ resend: 0 });
  expect(await send({ ...parked, recordedRequests: 1 })).toMatchObject({ status: 'claimed' });
  expect(await postgres.eventOf(parked.eventId)).toMatchObject({ state: 'sent' });
  const resent = { ...sent!, resend: second.resend, recordedRequests: 1 };
  expect(await send(resent)).toMatchObject({ status: 'claimed' });
});

it('claims a resend that a person requested before a reset of the run', async () => {
  const recipient = newRecipient();
  await sendUpToTheLimit(recipient);
  const parked = claimOf({ recipient });
  await ledger.claim(parked);
  await ledger.requestResend(parked.eventId, { requestId: 'r1' }, 'run-1');

  const requested = await ledger.requestResend(parked.eventId, { requestId: 'r1' }, 'run-2');

  expect(await send({ ...parked, ...requested, runId: 'run-2' })).toMatchObject({
    status: 'claimed',
  });
});

it('counts a day, even if addresses are forgotten at once', async () => {
  const recipient = newRecipient();
  const claims = await sendUpToTheLimit(recipient);
  await postgres.query("select bulk_notify.forget_recipients('0 seconds')");
  expect(await ledger.claim(claimOf({ recipient }))).toEqual(PARKED);

  await postgres.query(
    `update bulk_notify.attempts
       set claimed_at = claimed_at - ${DAY}, settled_at = settled_at - ${DAY}
       where event_id = any($1)`,
    [claims.map(({ eventId }) => eventId)],
  );

  expect(await ledger.claim(claimOf({ recipient }))).toMatchObject({ status: 'claimed' });
});

it('claims every mail with the limit 0', async () => {
  const recipient = newRecipient();
  await sendUpToTheLimit(recipient);
  const unlimited = createLedger({ database: postgres.database, recipientMaxPerDay: 0 });

  expect(await unlimited.claim(claimOf({ recipient }))).toMatchObject({ status: 'claimed' });
});
