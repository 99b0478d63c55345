import type { AttemptSettlement, Claim, Claimed, Ledger } from '../../../activities/ledger';
import { claimOf, type LedgerOnPostgres, ledgerOnPostgres } from '../../support/ledger-on-postgres';
import { ACCEPTED, attemptIdOf, request, settlement, useLedger } from '../../support/use-ledger';

const IF_LOST: Claim['ifLost'][] = ['waiting', 'parked', 'sent'];

const { postgres, ledger, eventOf, attemptsOf, statesOf, claimAttempt, send } = useLedger();

describe('claim, when an earlier worker was lost', () => {
  describe.each(IF_LOST)('with p_if_lost %s', (ifLost) => {
    it('claims the next attempt if nothing was submitted', async () => {
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

  it.each(IF_LOST)(
    'is refused to an attempt that came before the open one (%s)',
    async (ifLost) => {
      const claim = claimOf({ ifLost, scheduledAt: new Date('2026-02-12T10:00:20Z') });
      const attemptId = await claimAttempt(claim);
      await ledger.submit(attemptId);
      const late = { ...claim, scheduledAt: new Date('2026-02-12T10:00:10Z') };

      expect(await ledger.claim(late)).toEqual({ status: 'overtaken' });

      expect(await statesOf(claim.eventId)).toEqual(['sending']);
      expect(await ledger.settle(settlement(attemptId))).toBe(true);
      expect(await ledger.claim(late)).toMatchObject({ status: 'sent' });
    },
  );

  const lostAfterSubmit = async (ifLost: Claim['ifLost']) => {
    const claim = claimOf({ ifLost });
    await ledger.submit(await claimAttempt(claim));
    return { claim, next: await ledger.claim({ ...claim, mailDate: new Date('2026-03-01') }) };
  };
  const AMBIGUOUS = {
    state: 'ambiguous',
    reply: 'the worker was lost before the answer of the relay was recorded',
  };

  it('claims the same mail again with p_if_lost waiting', async () => {
    const { claim, next } = await lostAfterSubmit('waiting');

    expect(next).toMatchObject({ status: 'claimed', mailDate: claim.mailDate });
    expect(await attemptsOf(claim.eventId)).toMatchObject([AMBIGUOUS, { state: 'sending' }]);
    expect(await eventOf(claim.eventId)).toMatchObject({ state: 'sending' });
  });

  it('parks until a request with p_if_lost parked', async () => {
    const { claim, next } = await lostAfterSubmit('parked');

    expect(next).toMatchObject({ status: 'parked', reason: 'uncertain' });
    expect(await attemptsOf(claim.eventId)).toMatchObject([AMBIGUOUS]);
    expect(await eventOf(claim.eventId)).toMatchObject({ state: 'parked', reason: 'uncertain' });
    for (const runId of ['run-1', 'run-2']) {
      expect(await ledger.claim({ ...claim, runId, ifLost: 'waiting' })).toEqual({
        ...{ status: 'parked', reason: 'uncertain', reply: AMBIGUOUS.reply },
      });
    }

    const requested = await ledger.requestResend(claim.eventId, request('r1'), 'run-1');

    expect(requested).toMatchObject({ resend: 0 });
    expect(await ledger.claim({ ...claim, ...requested })).toMatchObject({
      ...{ status: 'claimed', mailDate: claim.mailDate },
    });
  });

  it('assumes the mail sent with p_if_lost sent', async () => {
    const { claim, next } = await lostAfterSubmit('sent');

    const sent = { status: 'sent', runId: 'run-1', reply: AMBIGUOUS.reply, assumed: true };
    expect(next).toEqual(sent);
    expect(await attemptsOf(claim.eventId)).toMatchObject([AMBIGUOUS]);
    expect(await eventOf(claim.eventId)).toMatchObject({ state: 'sent', sent_count: 1 });
    expect(await ledger.claim({ ...claim, runId: 'run-2' })).toEqual(sent);
  });

  it('keeps the earlier worker from submitting and settling if it still lives', async () => {
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
  ])('leaves a mail that was taken over and sent unchanged by a late %j', async (late) => {
    const claim = claimOf();
    const lost = await claimAttempt(claim);
    await ledger.submit(lost);
    await send(claim);

    expect(await ledger.settle(settlement(lost, late))).toBe(false);

    expect(await statesOf(claim.eventId)).toEqual(['ambiguous', 'accepted']);
    expect(await eventOf(claim.eventId)).toMatchObject({ state: 'sent', sent_count: 1 });
  });

  /** A claim that another worker takes over after the final dot. */
  const takenOver = async (ifLost: Claim['ifLost']) => {
    const claim = claimOf({ ifLost });
    const lost = await claimAttempt(claim);
    await ledger.submit(lost);
    return { claim, lost, next: await ledger.claim(claim) };
  };
  const accepted = { state: 'accepted', reply: ACCEPTED };

  it('accepts a late 250 while another attempt is open', async () => {
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

  it('accepts a late 250 after another attempt was deferred', async () => {
    const { claim, lost, next } = await takenOver('waiting');
    await ledger.settle(settlement(attemptIdOf(next), { attempt: 'deferred', state: 'waiting' }));

    expect(await ledger.settle(settlement(lost))).toBe(true);

    expect(await attemptsOf(claim.eventId)).toMatchObject([accepted, { state: 'deferred' }]);
    expect(await eventOf(claim.eventId)).toMatchObject({ state: 'sent', sent_count: 1 });
  });

  it('accepts one of two mails when both attempts were submitted', async () => {
    const { claim, lost, next } = await takenOver('waiting');
    await ledger.submit(attemptIdOf(next));

    expect(await ledger.settle(settlement(lost))).toBe(true);
    expect(await ledger.settle(settlement(attemptIdOf(next)))).toBe(false);

    expect(await statesOf(claim.eventId)).toEqual(['accepted', 'ambiguous']);
    expect(await eventOf(claim.eventId)).toMatchObject({ state: 'sent', sent_count: 1 });
  });

  it('accepts a late 250 for a mail that was assumed sent', async () => {
    const { claim, lost } = await takenOver('sent');
    await ledger.requestResend(claim.eventId, request('r1'), 'run-1');

    expect(await ledger.settle(settlement(lost))).toBe(true);

    expect(await attemptsOf(claim.eventId)).toMatchObject([accepted]);
    // The resend that was requested is still due.
    expect(await eventOf(claim.eventId)).toMatchObject({ state: 'waiting', sent_count: 1 });
  });

  it('leaves a parked notification to a person, even after a late 250', async () => {
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

  it('does not deadlock with a worker that settles', async () => {
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

describe('twenty concurrent workers', () => {
  let pools: LedgerOnPostgres[];
  beforeAll(() => {
    pools = Array.from({ length: 4 }, () => ledgerOnPostgres());
  });
  afterAll(() => Promise.all(pools.map((pool) => pool.close())));
  const workers = () => Array.from({ length: 20 }, (_, i) => pools[i % 4]!.ledger);

  it('hold one claim together', async () => {
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

  it.each(IF_LOST)('send each mail once, with p_if_lost %s', async (ifLost) => {
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
      // Without a second attempt after a lost one, each mail is submitted once.
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
