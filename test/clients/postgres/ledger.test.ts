import { randomUUID } from 'node:crypto';
import type { AttemptSettlement, Claim, Claimed, Ledger } from '../../../activities/ledger';
import { workflowId } from '../../../workflows/core/workflow-id';
import {
  claimOf,
  type LedgerOnPostgres,
  ledgerOnPostgres,
  newEventId,
  RECIPIENT,
} from '../../support/ledger-on-postgres';

const IF_LOST: Claim['ifLost'][] = ['waiting', 'parked', 'sent'];
const ACCEPTED = '250 2.0.0 queued as 4711';

let postgres: LedgerOnPostgres;
let ledger: Ledger;
beforeAll(() => {
  postgres = ledgerOnPostgres();
  ledger = postgres.ledger;
});
afterAll(() => postgres.close());

const { eventOf, attemptsOf, resendsOf } = {
  eventOf: (id: string) => postgres.eventOf(id),
  attemptsOf: (id: string) => postgres.attemptsOf(id),
  resendsOf: (id: string) => postgres.resendsOf(id),
};
const statesOf = async (id: string) => (await attemptsOf(id)).map(({ state }) => state);

function attemptIdOf(claimed: Claimed): string {
  if (claimed.status !== 'claimed') throw new Error(`not claimed but ${claimed.status}`);
  return claimed.attemptId;
}

async function claimAttempt(claim: Claim): Promise<string> {
  return attemptIdOf(await ledger.claim(claim));
}

const settlement = (
  attemptId: string,
  change: Partial<AttemptSettlement> = {},
): AttemptSettlement => ({
  ...{ attemptId, attempt: 'accepted', reply: ACCEPTED, state: 'sent' },
  ...change,
});

/** A notification whose first copy was sent by the claim's run. */
async function send(claim: Claim): Promise<void> {
  const attemptId = await claimAttempt(claim);
  await ledger.submit(attemptId);
  await ledger.settle(settlement(attemptId));
}

/** The word of a run that has recorded no request. */
const FIRST = { runId: 'run-1', recordedRequests: 0 };

const request = (requestId: string) => ({ requestId, requestedBy: 'ada', reason: 'lost' });

describe('claim', () => {
  it('takes the first attempt of a notification that nobody knew', async () => {
    const claim = claimOf({ runId: 'run-7' });

    const claimed = await ledger.claim(claim);

    expect(claimed).toMatchObject({ status: 'claimed', mailDate: claim.mailDate });
    expect(await eventOf(claim.eventId)).toMatchObject({
      ...{ state: 'sending', reason: null, sent_count: 0 },
      ...{ user_id: claim.userId, file_name: claim.fileName },
    });
    expect(await attemptsOf(claim.eventId)).toMatchObject([
      {
        ...{ id: attemptIdOf(claimed), resend: 0, run_id: 'run-7', state: 'sending' },
        ...{ recipient: claim.recipient, message_id: claim.messageId },
        ...{ mail_date: claim.mailDate, submitted_at: null, settled_at: null, reply: null },
      },
    ]);
  });

  it('keeps the two outcomes of one task apart', async () => {
    const taskId = randomUUID();
    await send(claimOf({ eventId: workflowId(taskId, 'completed') }));

    const other = await ledger.claim(claimOf({ eventId: workflowId(taskId, 'failed') }));

    expect(other.status).toBe('claimed');
  });

  it.each(['run-1', 'run-2'])('finds what run-1 has sent, asked by %s', async (runId) => {
    const claim = claimOf();
    await send(claim);

    const again = await ledger.claim({ ...claim, runId });

    expect(again).toEqual({ status: 'sent', runId: 'run-1', reply: ACCEPTED });
    expect(await statesOf(claim.eventId)).toEqual(['accepted']);
    expect(await eventOf(claim.eventId)).toMatchObject({ state: 'sent', sent_count: 1 });
  });

  it('finds the first copy sent while another one is under way', async () => {
    const claim = claimOf();
    await send(claim);
    await ledger.requestResend(claim.eventId, request('r1'), 'run-1');
    await claimAttempt({ ...claim, resend: 1, recordedRequests: 1 });

    const first = await ledger.claim({ ...claim, runId: 'run-2' });

    expect(first.status).toBe('sent');
    expect(await statesOf(claim.eventId)).toEqual(['accepted', 'sending']);
  });

  it('finds the first copy sent while another one is uncertain', async () => {
    const claim = claimOf({ ifLost: 'parked' });
    await send(claim);
    await ledger.requestResend(claim.eventId, request('r1'), 'run-1');
    await ledger.submit(await claimAttempt({ ...claim, resend: 1, recordedRequests: 1 }));
    expect(await ledger.claim({ ...claim, resend: 1, recordedRequests: 1 })).toMatchObject({
      status: 'parked',
      reason: 'uncertain',
    });

    expect(await ledger.claim(claim)).toMatchObject({ status: 'sent' });
  });

  it.each(['refused', 'deferred', 'ambiguous'] as const)(
    'takes the next attempt after one that was %s, with the date of the first',
    async (attempt) => {
      const claim = claimOf();
      const first = await claimAttempt(claim);
      await ledger.settle(settlement(first, { attempt, state: 'waiting' }));

      const next = await ledger.claim({ ...claim, mailDate: new Date('2026-03-01') });

      expect(next).toMatchObject({ status: 'claimed', mailDate: claim.mailDate });
      expect(await statesOf(claim.eventId)).toEqual([attempt, 'sending']);
    },
  );

  it.each(['refused', 'gave_up', 'recipient_missing'])(
    'leaves what is parked until somebody asks for it: %s',
    async (reason) => {
      const claim = claimOf();
      await ledger.park(claim.eventId, reason, FIRST);

      for (const runId of ['run-1', 'run-2']) {
        expect(await ledger.claim({ ...claim, runId })).toMatchObject({ status: 'parked', reason });
      }
      await ledger.requestResend(claim.eventId, request('r1'), 'run-2');
      await claimAttempt(claim);

      expect(await eventOf(claim.eventId)).toMatchObject({ state: 'sending', reason: null });
    },
  );

  it('tells a worker that was away what another one was told', async () => {
    const claim = claimOf();
    const attempt = await claimAttempt(claim);
    const reply = '550 5.1.1 unknown';
    const refused = { attempt: 'refused', reply, state: 'parked', reason: 'refused' } as const;
    await ledger.settle(settlement(attempt, refused));

    const late = await ledger.claim(claim);

    expect(late).toEqual({ status: 'parked', reason: 'refused', reply });
    expect(await statesOf(claim.eventId)).toEqual(['refused']);
  });
});

describe('claim, when the worker before was lost', () => {
  describe.each(IF_LOST)('so that it becomes %s', (ifLost) => {
    it('and had submitted nothing, takes the next attempt', async () => {
      const claim = claimOf({ ifLost });
      await claimAttempt(claim);

      const next = await ledger.claim({ ...claim, mailDate: new Date('2026-03-01') });

      expect(next).toMatchObject({ status: 'claimed', mailDate: claim.mailDate });
      expect(await attemptsOf(claim.eventId)).toMatchObject([
        { state: 'deferred', reply: 'the worker was lost before the message was submitted' },
        { state: 'sending', mail_date: claim.mailDate },
      ]);
    });
  });

  const lostAfterSubmit = async (ifLost: Claim['ifLost']) => {
    const claim = claimOf({ ifLost });
    await ledger.submit(await claimAttempt(claim));
    return { claim, next: await ledger.claim({ ...claim, mailDate: new Date('2026-03-01') }) };
  };
  const AMBIGUOUS = {
    state: 'ambiguous',
    reply: 'the worker was lost before the answer of the relay was recorded',
  };

  it('and had submitted, sends the same mail again', async () => {
    const { claim, next } = await lostAfterSubmit('waiting');

    expect(next).toMatchObject({ status: 'claimed', mailDate: claim.mailDate });
    expect(await attemptsOf(claim.eventId)).toMatchObject([AMBIGUOUS, { state: 'sending' }]);
    expect(await eventOf(claim.eventId)).toMatchObject({ state: 'sending' });
  });

  it('and had submitted, parks until it is requested', async () => {
    const { claim, next } = await lostAfterSubmit('parked');

    expect(next).toMatchObject({ status: 'parked', reason: 'uncertain' });
    expect(await attemptsOf(claim.eventId)).toMatchObject([AMBIGUOUS]);
    expect(await eventOf(claim.eventId)).toMatchObject({ state: 'parked', reason: 'uncertain' });
    for (const runId of ['run-1', 'run-2']) {
      expect(await ledger.claim({ ...claim, runId, ifLost: 'waiting' })).toEqual({
        ...{ status: 'parked', reason: 'uncertain', reply: AMBIGUOUS.reply },
      });
    }

    const copy = await ledger.requestResend(claim.eventId, request('r1'), 'run-1');

    expect(copy).toMatchObject({ resend: 0 });
    expect(await ledger.claim({ ...claim, ...copy })).toMatchObject({
      ...{ status: 'claimed', mailDate: claim.mailDate },
    });
  });

  it('and had submitted, takes it for sent', async () => {
    const { claim, next } = await lostAfterSubmit('sent');

    const sent = { status: 'sent', runId: 'run-1', reply: AMBIGUOUS.reply, assumed: true };
    expect(next).toEqual(sent);
    expect(await attemptsOf(claim.eventId)).toMatchObject([AMBIGUOUS]);
    expect(await eventOf(claim.eventId)).toMatchObject({ state: 'sent', sent_count: 1 });
    expect(await ledger.claim({ ...claim, runId: 'run-2' })).toEqual(sent);
  });

  it('but lives, does not let it submit any more, nor settle', async () => {
    const claim = claimOf();
    const lost = await claimAttempt(claim);
    const next = await claimAttempt(claim);

    await expect(ledger.submit(lost)).rejects.toMatchObject({ type: 'ClaimLost' });
    expect(await ledger.settle(settlement(lost))).toBe(false);

    expect(await statesOf(claim.eventId)).toEqual(['deferred', 'sending']);
    expect(await eventOf(claim.eventId)).toMatchObject({ state: 'sending', sent_count: 0 });
    await ledger.submit(next);
  });

  it.each<Partial<AttemptSettlement>>([
    {},
    { attempt: 'refused', state: 'parked', reason: 'refused' },
    { attempt: 'deferred', state: 'waiting' },
  ])('leaves what was taken over and sent as it is, whatever comes late: %j', async (late) => {
    const claim = claimOf();
    const lost = await claimAttempt(claim);
    await ledger.submit(lost);
    await send(claim);

    expect(await ledger.settle(settlement(lost, late))).toBe(false);

    expect(await statesOf(claim.eventId)).toEqual(['ambiguous', 'accepted']);
    expect(await eventOf(claim.eventId)).toMatchObject({ state: 'sent', sent_count: 1 });
  });

  /** A claim whose worker was given up after the dot, and what became of it. */
  const takenOver = async (ifLost: Claim['ifLost']) => {
    const claim = claimOf({ ifLost });
    const lost = await claimAttempt(claim);
    await ledger.submit(lost);
    return { claim, lost, next: await ledger.claim(claim) };
  };
  const accepted = { state: 'accepted', reply: ACCEPTED };

  it('hears a 250 that comes late, while another attempt is under way', async () => {
    const { claim, lost, next } = await takenOver('waiting');

    expect(await ledger.settle(settlement(lost))).toBe(true);

    expect(await attemptsOf(claim.eventId)).toMatchObject([accepted, { state: 'deferred' }]);
    expect(await eventOf(claim.eventId)).toMatchObject({ state: 'sent', sent_count: 1 });
    await expect(ledger.submit(attemptIdOf(next))).rejects.toMatchObject({ type: 'ClaimLost' });
    const putOff = { attempt: 'deferred', state: 'waiting' } as const;
    expect(await ledger.settle(settlement(attemptIdOf(next), putOff))).toBe(false);
    expect(await eventOf(claim.eventId)).toMatchObject({ state: 'sent', sent_count: 1 });
    const again = { status: 'sent', runId: 'run-1', reply: ACCEPTED };
    expect(await ledger.claim(claim)).toEqual(again);
  });

  it('hears a 250 that comes late, after another attempt was put off', async () => {
    const { claim, lost, next } = await takenOver('waiting');
    await ledger.settle(settlement(attemptIdOf(next), { attempt: 'deferred', state: 'waiting' }));

    expect(await ledger.settle(settlement(lost))).toBe(true);

    expect(await attemptsOf(claim.eventId)).toMatchObject([accepted, { state: 'deferred' }]);
    expect(await eventOf(claim.eventId)).toMatchObject({ state: 'sent', sent_count: 1 });
  });

  it('keeps two mails apart when the other attempt had its dot, too', async () => {
    const { claim, lost, next } = await takenOver('waiting');
    await ledger.submit(attemptIdOf(next));

    expect(await ledger.settle(settlement(lost))).toBe(true);
    expect(await ledger.settle(settlement(attemptIdOf(next)))).toBe(false);

    expect(await statesOf(claim.eventId)).toEqual(['accepted', 'ambiguous']);
    expect(await eventOf(claim.eventId)).toMatchObject({ state: 'sent', sent_count: 1 });
  });

  it('hears a 250 that comes late for what was taken for sent', async () => {
    const { claim, lost } = await takenOver('sent');
    await ledger.requestResend(claim.eventId, request('r1'), 'run-1');

    expect(await ledger.settle(settlement(lost))).toBe(true);

    expect(await attemptsOf(claim.eventId)).toMatchObject([accepted]);
    // The copy that was asked for is still owed.
    expect(await eventOf(claim.eventId)).toMatchObject({ state: 'waiting', sent_count: 1 });
  });

  it('leaves what is parked to the person, also when its 250 comes late', async () => {
    const { claim, lost } = await takenOver('parked');

    expect(await ledger.settle(settlement(lost))).toBe(false);

    expect(await attemptsOf(claim.eventId)).toMatchObject([AMBIGUOUS]);
    expect(await eventOf(claim.eventId)).toMatchObject({ state: 'parked', reason: 'uncertain' });
  });

  it('sees a submit that is committed while it waits', async () => {
    const claim = claimOf({ ifLost: 'parked' });
    const attemptId = await claimAttempt(claim);
    let next: Promise<Claimed> | undefined;

    await postgres.within(
      ['select bulk_notify.submit($1)', [attemptId]],
      async ({ untilItBlocks }) => {
        next = ledger.claim(claim);
        await untilItBlocks();
      },
    );

    expect(await next).toMatchObject({ status: 'parked', reason: 'uncertain' });
    expect(await statesOf(claim.eventId)).toEqual(['ambiguous']);
  });

  it('does not lock itself out against the one that settles', async () => {
    const claim = claimOf();
    const attemptId = await claimAttempt(claim);
    let settled: Promise<boolean> | undefined;

    await postgres.within(
      [
        'select from bulk_notify.bulk_upload_notification_events where id = $1 for update',
        [claim.eventId],
      ],
      async ({ query, untilItBlocks }) => {
        settled = ledger.settle(settlement(attemptId));
        await untilItBlocks();
        await query('select bulk_notify.close_claim($1)', [claim.eventId]);
      },
    );

    expect(await settled).toBe(false);
    expect(await statesOf(claim.eventId)).toEqual(['deferred']);
  });
});

describe('twenty workers at once', () => {
  let pools: LedgerOnPostgres[];
  beforeAll(() => {
    pools = Array.from({ length: 4 }, () => ledgerOnPostgres());
  });
  afterAll(() => Promise.all(pools.map((pool) => pool.close())));
  const workers = () => Array.from({ length: 20 }, (_, i) => pools[i % 4]!.ledger);

  it('hold one claim between them', async () => {
    const claim = claimOf();

    const claims = await Promise.all(workers().map((worker) => worker.claim(claim)));

    expect(new Set(claims.map(attemptIdOf)).size).toBe(20);
    const states = await statesOf(claim.eventId);
    expect(states.filter((state) => state === 'sending')).toHaveLength(1);
    expect(states.filter((state) => state === 'deferred')).toHaveLength(19);
    const submits = await Promise.allSettled(
      claims.map((claimed, i) => workers()[i]!.submit(attemptIdOf(claimed))),
    );
    expect(submits.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it.each(IF_LOST)('send each mail once, when a lost one becomes %s', async (ifLost) => {
    const claims = Array.from({ length: 8 }, () => claimOf({ ifLost }));
    const submitted = new Map<string, number>();
    const work = async (worker: Ledger, claim: Claim) => {
      const claimed = await worker.claim(claim);
      if (claimed.status !== 'claimed') return;
      const lost = await worker.submit(claimed.attemptId).then(
        () => false,
        () => true,
      );
      if (lost) return;
      submitted.set(claim.eventId, (submitted.get(claim.eventId) ?? 0) + 1);
      await worker.settle(settlement(claimed.attemptId));
    };

    await Promise.all(workers().flatMap((worker) => claims.map((claim) => work(worker, claim))));

    for (const { eventId } of claims) {
      const states = await statesOf(eventId);
      expect(states).not.toContain('sending');
      expect(states.filter((state) => state === 'accepted').length).toBeLessThanOrEqual(1);
      // Whoever does not send again what may have been sent sends it once, at most.
      const mails =
        ifLost === 'waiting' ? states.filter((state) => state !== 'deferred').length : 1;
      expect(submitted.get(eventId)).toBe(mails);
      const event = await eventOf(eventId);
      expect(event?.state).toMatch(ifLost === 'parked' ? /^(sent|parked)$/ : /^sent$/);
    }
  });

  it('settle one attempt once', async () => {
    const claim = claimOf();
    const attemptId = await claimAttempt(claim);

    await Promise.all(
      workers().map((worker, i) => worker.settle(settlement(attemptId, { reply: `reply ${i}` }))),
    );

    expect(await attemptsOf(claim.eventId)).toMatchObject([{ state: 'accepted' }]);
    expect(await eventOf(claim.eventId)).toMatchObject({ state: 'sent', sent_count: 1 });
  });
});

describe('settle', () => {
  const rows: [Pick<AttemptSettlement, 'attempt' | 'state' | 'reason'>, sentCopies: number][] = [
    [{ attempt: 'accepted', state: 'sent' }, 1],
    [{ attempt: 'ambiguous', state: 'sent' }, 1],
    [{ attempt: 'ambiguous', state: 'waiting' }, 0],
    [{ attempt: 'ambiguous', state: 'parked', reason: 'uncertain' }, 0],
    [{ attempt: 'deferred', state: 'waiting' }, 0],
    [{ attempt: 'deferred', state: 'parked', reason: 'gave_up' }, 0],
    [{ attempt: 'refused', state: 'parked', reason: 'refused' }, 0],
  ];
  it.each(rows)('records %j, with %d copies sent', async (end, sentCopies) => {
    const claim = claimOf();
    const attemptId = await claimAttempt(claim);

    await ledger.settle({ attemptId, reply: 'words of the relay', ...end });

    expect(await attemptsOf(claim.eventId)).toMatchObject([
      { state: end.attempt, reply: 'words of the relay', settled_at: expect.any(Date) },
    ]);
    expect(await eventOf(claim.eventId)).toMatchObject({
      ...{ state: end.state, reason: end.reason ?? null, sent_count: sentCopies },
    });
  });

  it('changes nothing the second time', async () => {
    const claim = claimOf();
    const attemptId = await claimAttempt(claim);
    await ledger.settle(settlement(attemptId));

    await ledger.settle(settlement(attemptId, { attempt: 'deferred', state: 'waiting' }));

    expect(await eventOf(claim.eventId)).toMatchObject({ state: 'sent' });
    expect(await attemptsOf(claim.eventId)).toMatchObject([{ state: 'accepted', reply: ACCEPTED }]);
  });
});

describe('park', () => {
  it('keeps what could not even be tried', async () => {
    const eventId = newEventId();
    expect(await ledger.park(eventId, 'recipient_missing', FIRST)).toBeUndefined();
    expect(await eventOf(eventId)).toMatchObject({ state: 'parked', reason: 'recipient_missing' });
  });

  it('takes the newest reason', async () => {
    const eventId = newEventId();
    await ledger.park(eventId, 'recipient_missing', FIRST);
    await ledger.park(eventId, 'gave_up', FIRST);
    expect(await eventOf(eventId)).toMatchObject({ state: 'parked', reason: 'gave_up' });
  });

  it('leaves what was sent, and says so', async () => {
    const claim = claimOf();
    await send(claim);

    const stands = await ledger.park(claim.eventId, 'recipient_missing', FIRST);

    expect(stands).toEqual({ verdict: 'accepted', reply: ACCEPTED });
    expect(await eventOf(claim.eventId)).toMatchObject({ state: 'sent', reason: null });
  });

  it('says of what was taken for sent that it is assumed', async () => {
    const claim = claimOf({ ifLost: 'sent' });
    await ledger.submit(await claimAttempt(claim));
    await ledger.claim(claim);

    expect(await ledger.park(claim.eventId, 'recipient_missing', FIRST)).toMatchObject({
      verdict: 'assumed',
    });
  });

  it('parks a copy that was requested after the mail was sent', async () => {
    const claim = claimOf();
    await send(claim);
    await ledger.requestResend(claim.eventId, request('r1'), 'run-1');

    const stands = await ledger.park(claim.eventId, 'recipient_missing', {
      ...{ runId: 'run-1', recordedRequests: 1 },
    });

    expect(stands).toBeUndefined();
    expect(await eventOf(claim.eventId)).toMatchObject({ state: 'parked', sent_count: 1 });
  });

  it('leaves what is uncertain, which only a request may send again', async () => {
    const claim = claimOf({ ifLost: 'parked' });
    await ledger.submit(await claimAttempt(claim));
    await ledger.claim(claim);

    const stands = await ledger.park(claim.eventId, 'recipient_missing', FIRST);

    expect(stands).toMatchObject({ verdict: 'uncertain' });
    expect(await eventOf(claim.eventId)).toMatchObject({ state: 'parked', reason: 'uncertain' });
    expect(await ledger.claim(claim)).toMatchObject({ status: 'parked', reason: 'uncertain' });
  });

  it('takes an open claim back', async () => {
    const claim = claimOf();
    const attemptId = await claimAttempt(claim);

    await ledger.park(claim.eventId, 'recipient_missing', FIRST);

    expect(await eventOf(claim.eventId)).toMatchObject({ reason: 'recipient_missing' });
    expect(await statesOf(claim.eventId)).toEqual(['deferred']);
    await expect(ledger.submit(attemptId)).rejects.toMatchObject({ type: 'ClaimLost' });
  });

  it('is uncertain about an open claim that was submitted', async () => {
    const claim = claimOf();
    const attemptId = await claimAttempt(claim);
    await ledger.submit(attemptId);

    const stands = await ledger.park(claim.eventId, 'recipient_missing', FIRST);
    await ledger.settle(settlement(attemptId));

    expect(stands).toMatchObject({ verdict: 'uncertain' });
    expect(await eventOf(claim.eventId)).toMatchObject({ state: 'parked', reason: 'uncertain' });
    expect(await statesOf(claim.eventId)).toEqual(['ambiguous']);
  });
});

/** A lost workflow task is done again, from what the run knew before it recorded the request. */
describe('a caller that does not know a request of its run', () => {
  const REFUSED = { attempt: 'refused', state: 'parked', reason: 'refused' } as const;
  const park = (eventId: string, recordedRequests: number, runId = 'run-1') =>
    ledger.park(eventId, 'recipient_missing', { runId, recordedRequests });

  it('does not park, and the request is answered', async () => {
    const claim = claimOf();
    await park(claim.eventId, 0);
    await ledger.requestResend(claim.eventId, request('r1'), 'run-1');
    await claimAttempt({ ...claim, recordedRequests: 1 });

    await park(claim.eventId, 0);
    const again = await ledger.requestResend(claim.eventId, request('r1'), 'run-1');

    expect(again).toMatchObject({ resend: 0, recordedRequests: 1 });
    expect(await ledger.claim({ ...claim, recordedRequests: 1 })).toMatchObject({
      status: 'claimed',
    });
  });

  it('claims nothing, and takes nothing over', async () => {
    const claim = claimOf();
    const refused = await claimAttempt(claim);
    await ledger.settle(settlement(refused, REFUSED));
    await ledger.requestResend(claim.eventId, request('r1'), 'run-1');
    const open = await claimAttempt({ ...claim, recordedRequests: 1 });

    const late = await ledger.claim(claim);

    expect(late).toEqual({ status: 'superseded' });
    await ledger.submit(open);
    expect(await statesOf(claim.eventId)).toEqual(['refused', 'sending']);
  });

  it('is told that its resend was sent', async () => {
    const claim = claimOf();
    await send(claim);
    await ledger.requestResend(claim.eventId, request('r1'), 'run-1');

    expect(await ledger.claim(claim)).toMatchObject({ status: 'sent' });
  });

  it('changes nothing when the workflow task is done again after two requests', async () => {
    const claim = claimOf();
    await park(claim.eventId, 0);
    const record = async (id: string) =>
      (await ledger.requestResend(claim.eventId, request(id), 'run-1')).recordedRequests;
    const recorded = [await record('r1'), await record('r2')];

    for (const known of [0, 1]) {
      await park(claim.eventId, known);
      expect(await ledger.claim({ ...claim, recordedRequests: known })).toEqual({
        status: 'superseded',
      });
      expect(await eventOf(claim.eventId)).toMatchObject({ state: 'waiting' });
    }

    expect(recorded).toEqual([1, 2]);
    expect([await record('r1'), await record('r2')]).toEqual(recorded);
    await claimAttempt({ ...claim, recordedRequests: 2 });
  });

  it('parks once it knows both', async () => {
    const { eventId } = claimOf();
    await ledger.requestResend(eventId, request('r1'), 'run-1');
    await ledger.requestResend(eventId, request('r2'), 'run-1');

    await park(eventId, 2);

    expect(await eventOf(eventId)).toMatchObject({ state: 'parked' });
  });
});

/** A reset begins a run that repeats the requests of the run before. */
describe('a run that was reset', () => {
  const record = (eventId: string, id: string, runId: string) =>
    ledger.requestResend(eventId, request(id), runId);

  it('counts its own requests only', async () => {
    const { eventId } = claimOf();

    const first = [await record(eventId, 'r1', 'run-1'), await record(eventId, 'r2', 'run-1')];
    const repeated = [await record(eventId, 'r1', 'run-2'), await record(eventId, 'r2', 'run-2')];
    const own = await record(eventId, 'r3', 'run-2');

    expect(first.map(({ recordedRequests }) => recordedRequests)).toEqual([1, 2]);
    expect(repeated.map(({ recordedRequests }) => recordedRequests)).toEqual([0, 0]);
    expect(own.recordedRequests).toBe(1);
    expect(await resendsOf(eventId)).toHaveLength(3);
  });

  it('claims and parks although the run before has recorded requests', async () => {
    const claim = claimOf({ runId: 'run-2' });
    await record(claim.eventId, 'r1', 'run-1');
    await claimAttempt(claim);

    await ledger.park(claim.eventId, 'recipient_missing', claim);

    expect(await eventOf(claim.eventId)).toMatchObject({ state: 'parked' });
  });

  it('is superseded by a request of its own', async () => {
    const claim = claimOf({ runId: 'run-2' });
    await record(claim.eventId, 'r1', 'run-1');
    await record(claim.eventId, 'r1', 'run-2');
    await record(claim.eventId, 'r2', 'run-2');

    expect(await ledger.claim(claim)).toEqual({ status: 'superseded' });
    await claimAttempt({ ...claim, recordedRequests: 1 });
  });
});

describe('requestResend', () => {
  it('asks for the next copy of what was sent, and tells what is known', async () => {
    const claim = claimOf();
    await send(claim);

    const copy = await ledger.requestResend(claim.eventId, request('r1'), 'run-1');

    const { userId, fileName, emailCount } = claim;
    expect(copy).toEqual({ resend: 1, recordedRequests: 1, userId, fileName, emailCount });
    expect(await eventOf(claim.eventId)).toMatchObject({ state: 'waiting', sent_count: 1 });
    expect(await resendsOf(claim.eventId)).toEqual([
      { request_id: 'r1', resend: 1, requested_by: 'ada', reason: 'lost' },
    ]);
  });

  it('numbers the copies', async () => {
    const claim = claimOf();
    await send(claim);
    const copies = [];

    for (const requestId of ['r1', 'r2', 'r3']) {
      const copy = await ledger.requestResend(claim.eventId, request(requestId), 'run-1');
      copies.push(copy.resend);
      await send({ ...claim, ...copy });
    }

    expect(copies).toEqual([1, 2, 3]);
    expect(await eventOf(claim.eventId)).toMatchObject({ state: 'sent', sent_count: 4 });
  });

  it.each(['recipient_missing', 'refused', 'gave_up', 'uncertain'])(
    'asks for the first copy of what was parked: %s',
    async (reason) => {
      const eventId = newEventId();
      await ledger.park(eventId, reason, FIRST);
      expect(await ledger.requestResend(eventId, request('r1'), 'run-1')).toEqual({
        resend: 0,
        recordedRequests: 1,
      });
      expect(await eventOf(eventId)).toMatchObject({ state: 'waiting', reason: null });
    },
  );

  it('asks for the first copy of what nobody knew', async () => {
    const eventId = newEventId();
    const copy = await ledger.requestResend(eventId, { requestId: 'r1' }, 'run-1');
    expect(copy).toEqual({ resend: 0, recordedRequests: 1 });
    expect(await resendsOf(eventId)).toEqual([
      { request_id: 'r1', resend: 0, requested_by: null, reason: null },
    ]);
  });

  it('leaves a claim that is open', async () => {
    const claim = claimOf();
    await claimAttempt(claim);
    await ledger.requestResend(claim.eventId, request('r1'), 'run-2');
    expect(await eventOf(claim.eventId)).toMatchObject({ state: 'sending' });
  });

  it('answers the same to another run, which repeats it after a reset', async () => {
    const claim = claimOf();
    await send(claim);
    const { recordedRequests: _own, ...first } = await ledger.requestResend(
      claim.eventId,
      request('r1'),
      'run-1',
    );
    await send({ ...claim, resend: 1, recordedRequests: 1 });

    const again = await ledger.requestResend(claim.eventId, request('r1'), 'run-2');

    expect(again).toEqual({ ...first, recordedRequests: 0 });
    expect(await eventOf(claim.eventId)).toMatchObject({ state: 'sent', sent_count: 2 });
    expect(await resendsOf(claim.eventId)).toHaveLength(1);
  });

  it('answers the same to the same run, to which the first answer may not have come', async () => {
    const claim = claimOf();
    await send(claim);
    const first = await ledger.requestResend(claim.eventId, request('r1'), 'run-1');

    const again = await ledger.requestResend(claim.eventId, request('r1'), 'run-1');

    expect(again).toEqual(first);
    expect(again.resend).toBe(1);
    expect(await resendsOf(claim.eventId)).toHaveLength(1);
  });

  it('takes two requests at once for one copy', async () => {
    const claim = claimOf();
    await send(claim);

    const copies = await Promise.all(
      ['r1', 'r2'].map((id) => ledger.requestResend(claim.eventId, request(id), 'run-1')),
    );

    expect(copies.map((copy) => copy.resend)).toEqual([1, 1]);
    expect(await resendsOf(claim.eventId)).toHaveLength(2);
  });

  it('answers two runs that ask the same at once with one copy', async () => {
    const claim = claimOf();
    await send(claim);

    const copies = await Promise.all(
      ['run-1', 'run-2'].map((run) => ledger.requestResend(claim.eventId, request('r1'), run)),
    );

    expect(copies.map(({ resend }) => resend)).toEqual([1, 1]);
    expect(await resendsOf(claim.eventId)).toHaveLength(1);
  });
});

describe('what the ledger keeps', () => {
  const long = `${'ü'.repeat(9_995)}.csv`;
  const names: [what: string, fileName: string, kept: string][] = [
    ['NUL', 'a\0b\0.csv', 'ab.csv'],
    ['a lone surrogate', 'a\ud800b\udc00.csv', 'a\ufffdb\ufffd.csv'],
    ['10,000 characters, of which 8 KiB are kept', long, long.slice(0, 2_048)],
    ['quotes and a semicolon', `'); drop table x; --".csv`, `'); drop table x; --".csv`],
    ['right-to-left marks', '\u202egpj.exe', '\u202egpj.exe'],
    ['nothing', '', ''],
  ];
  it.each(names)('is a file name with %s', async (_, fileName, kept) => {
    const claim = claimOf({ fileName });
    await send(claim);
    expect(await eventOf(claim.eventId)).toMatchObject({ file_name: kept });
    const copy = await ledger.requestResend(claim.eventId, request('r1'), 'run-1');
    expect(copy.fileName).toBe(kept);
  });

  it('is the address in one column only', async () => {
    const claim = claimOf();
    await send(claim);
    await ledger.requestResend(claim.eventId, request('r1'), 'run-1');

    const rows = await postgres.query<{ row: Record<string, unknown> }>(
      `select to_jsonb(e) as row from bulk_notify.bulk_upload_notification_events e where id = $1
       union all select to_jsonb(r) from bulk_notify.resends r where event_id = $1
       union all select to_jsonb(a) from bulk_notify.attempts a where event_id = $1`,
      [claim.eventId],
    );

    const columns = rows.flatMap(({ row }) =>
      Object.entries(row).flatMap(([column, value]) =>
        String(value).includes(RECIPIENT) ? [column] : [],
      ),
    );
    expect(rows).toHaveLength(3);
    expect(columns).toEqual(['recipient']);
  });

  it('is no address of what was settled long ago', async () => {
    const [old, recent, open] = [claimOf(), claimOf(), claimOf()];
    await send(old);
    await send(recent);
    await claimAttempt(open);
    await postgres.query(
      `update bulk_notify.attempts
         set claimed_at = now() - interval '91 days', settled_at = settled_at - interval '91 days'
         where event_id in ($1, $2)`,
      [old.eventId, open.eventId],
    );

    const [forgotten] = await postgres.query(
      `select bulk_notify.forget_recipients('90 days') as count`,
    );

    const recipients = await Promise.all(
      [old, recent, open].map(({ eventId }) => attemptsOf(eventId)),
    );
    expect(forgotten).toEqual({ count: '1' });
    expect(recipients.flat().map(({ recipient }) => recipient)).toEqual([
      null,
      RECIPIENT,
      RECIPIENT,
    ]);
    expect(await ledger.claim(old)).toMatchObject({ status: 'sent' });
  });
});

it('outlives a connection that the database ends', async () => {
  const claim = claimOf();
  await claimAttempt(claim);
  let next: Promise<unknown> | undefined;

  await postgres.within(
    [
      'select from bulk_notify.bulk_upload_notification_events where id = $1 for update',
      [claim.eventId],
    ],
    async ({ query, untilItBlocks }) => {
      next = ledger.claim(claim).catch((err: unknown) => err);
      await untilItBlocks();
      await query(
        `select pg_terminate_backend(pid) from pg_stat_activity
           where pg_backend_pid() = any(pg_blocking_pids(pid))`,
        [],
      );
    },
  );

  expect(await next).toMatchObject({ message: 'the database did not answer (57P01)' });
  expect(await statesOf(claim.eventId)).toEqual(['sending']);
  await claimAttempt(claim);
});

describe('while the database is down', () => {
  const url = 'postgres://worker:top-secret@127.0.0.1:1/ledger';
  let down: LedgerOnPostgres;
  beforeAll(() => {
    down = ledgerOnPostgres(url);
  });
  afterAll(() => down.close());

  const calls: [string, (ledger: Ledger) => Promise<unknown>][] = [
    ['claim', (ledger) => ledger.claim(claimOf())],
    ['submit', (ledger) => ledger.submit('1')],
    ['settle', (ledger) => ledger.settle(settlement('1'))],
    ['park', (ledger) => ledger.park(newEventId(), 'gave_up', FIRST)],
    ['requestResend', (ledger) => ledger.requestResend(newEventId(), request('r1'), 'run-1')],
  ];
  it.each(calls)('%s rejects with a failure that may be shown and retried', async (_, call) => {
    const failure = await call(down.ledger).catch((err: unknown) => err);

    expect(failure).toMatchObject({
      ...{ name: 'ApplicationFailure', type: 'DatabaseUnavailable', nonRetryable: false },
      message: expect.stringContaining('the database did not answer (ECONNREFUSED)'),
    });
    expect((failure as Error).cause).toBeUndefined();
    expect(down.log.events()).toContain('database.failed');
    expect(down.log.text()).not.toMatch(/top-secret|postgres:|customer\.example/);
  });

  it('says nothing of the row that the database refuses', async () => {
    const failure = ledger.claim(claimOf({ eventId: `bulk_upload_notification:x:${RECIPIENT}` }));
    await expect(failure).rejects.toMatchObject({
      message: 'the database failed (22P02)',
    });
    expect(postgres.log.text()).not.toContain(RECIPIENT);
  });
});
