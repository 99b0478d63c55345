import { claimOf, newEventId } from '../../support/ledger-on-postgres';
import { ACCEPTED, FIRST, request, settlement, useLedger } from '../../support/use-ledger';

const EVENT = 'select * from bulk_notify.bulk_upload_notification_events where id = $1';

const { postgres, ledger, eventOf, resendsOf, statesOf, claimAttempt, send, requestResend } =
  useLedger();

/** Temporal repeats a lost workflow task from what the run knew before it recorded the request. */
describe('a caller that does not know a request of its run', () => {
  const REFUSED = { attempt: 'refused', state: 'parked', reason: 'refused' } as const;
  const park = (eventId: string, recordedRequests: number, runId = 'run-1') =>
    ledger.park(eventId, 'recipient_missing', { runId, recordedRequests });

  it('does not park, and the request is answered', async () => {
    const claim = claimOf();
    await park(claim.eventId, 0);
    await requestResend(claim.eventId, request('r1'), 'run-1');
    await claimAttempt({ ...claim, recordedRequests: 1 });

    await park(claim.eventId, 0);
    const again = await requestResend(claim.eventId, request('r1'), 'run-1');

    expect(again).toMatchObject({ resend: 0, recordedRequests: 1 });
    expect(await ledger.claim({ ...claim, recordedRequests: 1 })).toMatchObject({
      status: 'claimed',
    });
  });

  it('claims nothing and takes no claim over', async () => {
    const claim = claimOf();
    const refused = await claimAttempt(claim);
    await ledger.settle(settlement(refused, REFUSED));
    await requestResend(claim.eventId, request('r1'), 'run-1');
    const open = await claimAttempt({ ...claim, recordedRequests: 1 });

    const late = await ledger.claim(claim);

    expect(late).toEqual({ status: 'superseded' });
    await ledger.submit(open);
    expect(await statesOf(claim.eventId)).toEqual(['refused', 'sending']);
  });

  it('gets a sent mail as sent', async () => {
    const claim = claimOf();
    await send(claim);
    await requestResend(claim.eventId, request('r1'), 'run-1');

    expect(await ledger.claim(claim)).toMatchObject({ status: 'sent' });
  });

  it('changes nothing when the workflow task is repeated after two requests', async () => {
    const claim = claimOf();
    await park(claim.eventId, 0);
    const record = async (id: string) =>
      (await requestResend(claim.eventId, request(id), 'run-1')).recordedRequests;
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
    await requestResend(eventId, request('r1'), 'run-1');
    await requestResend(eventId, request('r2'), 'run-1');

    await park(eventId, 2);

    expect(await eventOf(eventId)).toMatchObject({ state: 'parked' });
  });
});

/** A reset begins a run that repeats the requests of the run before. */
describe('a run that was reset', () => {
  const record = (eventId: string, id: string, runId: string) =>
    requestResend(eventId, request(id), runId);

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
  it('returns the next resend of a sent mail, and what the ledger knows', async () => {
    const claim = claimOf();
    await send(claim);

    const requested = await requestResend(claim.eventId, request('r1'), 'run-1');

    const { userId, fileName, emailCount } = claim;
    expect(requested).toEqual({ resend: 1, recordedRequests: 1, userId, fileName, emailCount });
    expect(await eventOf(claim.eventId)).toMatchObject({ state: 'waiting', sent_count: 1 });
    expect(await resendsOf(claim.eventId)).toEqual([
      { request_id: 'r1', resend: 1, requested_by: 'ada', reason: 'lost' },
    ]);
  });

  it('numbers the resends', async () => {
    const claim = claimOf();
    await send(claim);
    const resends = [];

    for (const requestId of ['r1', 'r2', 'r3']) {
      const requested = await requestResend(claim.eventId, request(requestId), 'run-1');
      resends.push(requested.resend);
      await send({ ...claim, ...requested });
    }

    expect(resends).toEqual([1, 2, 3]);
    expect(await eventOf(claim.eventId)).toMatchObject({ state: 'sent', sent_count: 4 });
  });

  it.each(['recipient_missing', 'refused', 'gave_up', 'uncertain'])(
    'returns resend 0 for a parked notification: %s',
    async (reason) => {
      const eventId = newEventId();
      await ledger.park(eventId, reason, FIRST);
      expect(await requestResend(eventId, request('r1'), 'run-1')).toEqual({
        resend: 0,
        recordedRequests: 1,
      });
      expect(await eventOf(eventId)).toMatchObject({ state: 'waiting', reason: null });
    },
  );

  it('returns resend 0 for an unknown notification', async () => {
    const eventId = newEventId();
    const requested = await requestResend(eventId, { requestId: 'r1' }, 'run-1');
    expect(requested).toEqual({ resend: 0, recordedRequests: 1 });
    expect(await resendsOf(eventId)).toEqual([
      { request_id: 'r1', resend: 0, requested_by: null, reason: null },
    ]);
  });

  it('leaves an open claim', async () => {
    const claim = claimOf();
    await claimAttempt(claim);
    await requestResend(claim.eventId, request('r1'), 'run-2');
    expect(await eventOf(claim.eventId)).toMatchObject({ state: 'sending' });
  });

  it('returns the same resend to a run that repeats the request after a reset', async () => {
    const claim = claimOf();
    await send(claim);
    const { recordedRequests: _own, ...first } = await requestResend(
      claim.eventId,
      request('r1'),
      'run-1',
    );
    await send({ ...claim, resend: 1, recordedRequests: 1 });

    const again = await requestResend(claim.eventId, request('r1'), 'run-2');

    expect(again).toEqual({ ...first, recordedRequests: 0 });
    expect(await eventOf(claim.eventId)).toMatchObject({ state: 'sent', sent_count: 2 });
    expect(await resendsOf(claim.eventId)).toHaveLength(1);
  });

  it('returns the same to the same run, which may have missed the first answer', async () => {
    const claim = claimOf();
    await send(claim);
    const first = await requestResend(claim.eventId, request('r1'), 'run-1');

    const again = await requestResend(claim.eventId, request('r1'), 'run-1');

    expect(again).toEqual(first);
    expect(again.resend).toBe(1);
    expect(await resendsOf(claim.eventId)).toHaveLength(1);
  });

  it('returns one resend for two concurrent requests', async () => {
    const claim = claimOf();
    await send(claim);

    const resends = await Promise.all(
      ['r1', 'r2'].map((id) => requestResend(claim.eventId, request(id), 'run-1')),
    );

    expect(resends.map((requested) => requested.resend)).toEqual([1, 1]);
    expect(await resendsOf(claim.eventId)).toHaveLength(2);
  });

  it('returns one resend to two runs with the same concurrent request', async () => {
    const claim = claimOf();
    await send(claim);

    const resends = await Promise.all(
      ['run-1', 'run-2'].map((run) => requestResend(claim.eventId, request('r1'), run)),
    );

    expect(resends.map(({ resend }) => resend)).toEqual([1, 1]);
    expect(await resendsOf(claim.eventId)).toHaveLength(1);
  });
});

describe('requestResend with unlessSent', () => {
  const unlessSent = (requestId: string) => ({ ...request(requestId), unlessSent: true });
  const { userId, fileName, emailCount } = claimOf();
  const known = { userId, fileName, emailCount };

  it('changes nothing once the mail was accepted, and returns the reply of the relay', async () => {
    const claim = claimOf();
    await send(claim);
    const before = await postgres.query(EVENT, [claim.eventId]);

    const recorded = await ledger.requestResend(claim.eventId, unlessSent('r1'), 'run-1');

    expect(recorded).toEqual({ ...known, standing: { verdict: 'accepted', reply: ACCEPTED } });
    expect(await postgres.query(EVENT, [claim.eventId])).toEqual(before);
    expect(await resendsOf(claim.eventId)).toEqual([]);
  });

  it('changes nothing once the mail is assumed to have been sent', async () => {
    const claim = claimOf({ ifLost: 'sent' });
    await ledger.submit(await claimAttempt(claim));
    await ledger.claim(claim);

    expect(await ledger.requestResend(claim.eventId, unlessSent('r1'), 'run-1')).toMatchObject({
      standing: { verdict: 'assumed' },
    });
    expect(await eventOf(claim.eventId)).toMatchObject({ state: 'sent', sent_count: 1 });
  });

  it('leaves what may have been sent and waits for a person', async () => {
    const claim = claimOf({ ifLost: 'parked' });
    await ledger.submit(await claimAttempt(claim));
    await ledger.claim(claim);

    const recorded = await ledger.requestResend(claim.eventId, unlessSent('r1'), 'run-1');

    const standing = { verdict: 'uncertain', reply: 'no reply was seen' };
    expect(recorded).toEqual({ ...known, standing });
    expect(await eventOf(claim.eventId)).toMatchObject({ state: 'parked', reason: 'uncertain' });
  });

  it('leaves a resend that waits or is parked, since a mail before it was sent', async () => {
    const claim = claimOf();
    await send(claim);
    await ledger.requestResend(claim.eventId, request('r1'), 'run-1');

    const whileWaiting = await ledger.requestResend(claim.eventId, unlessSent('r2'), 'run-1');
    await ledger.park(claim.eventId, 'recipient_missing', { runId: 'run-1', recordedRequests: 1 });
    const whenParked = await ledger.requestResend(claim.eventId, unlessSent('r3'), 'run-1');

    expect(whileWaiting).toMatchObject({ standing: { verdict: 'accepted', reply: ACCEPTED } });
    expect(whenParked).toMatchObject({ standing: { verdict: 'recipient_missing', reply: '' } });
    expect(await resendsOf(claim.eventId)).toHaveLength(1);
    expect(await eventOf(claim.eventId)).toMatchObject({ state: 'parked', sent_count: 1 });
  });

  it.each(['recipient_missing', 'recipient_limit', 'refused', 'gave_up'])(
    'opens what is parked as %s',
    async (reason) => {
      const eventId = newEventId();
      await ledger.park(eventId, reason, FIRST);

      const recorded = await ledger.requestResend(eventId, unlessSent('r1'), 'run-1');

      expect(recorded).toEqual({ resend: 0, recordedRequests: 1 });
      expect(await eventOf(eventId)).toMatchObject({ state: 'waiting', reason: null });
    },
  );

  it('is recorded while the mail is being sent, and repeated after it returns the same', async () => {
    const claim = claimOf();
    const attemptId = await claimAttempt(claim);

    const first = await ledger.requestResend(claim.eventId, unlessSent('r1'), 'run-1');
    await ledger.submit(attemptId);
    await ledger.settle(settlement(attemptId));
    const again = await ledger.requestResend(claim.eventId, unlessSent('r1'), 'run-1');

    expect(first).toMatchObject({ resend: 0, recordedRequests: 1 });
    expect(again).toMatchObject({ resend: 0, recordedRequests: 1 });
    expect(await ledger.claim({ ...claim, recordedRequests: 1 })).toMatchObject({ status: 'sent' });
  });

  it('is declined again when a reset repeats it', async () => {
    const claim = claimOf();
    await send(claim);
    await ledger.requestResend(claim.eventId, unlessSent('r1'), 'run-1');

    expect(await ledger.requestResend(claim.eventId, unlessSent('r1'), 'run-2')).toHaveProperty(
      'standing',
    );
  });

  it('asks for no other mail in any order with the settlement of the send', async () => {
    const claims = Array.from({ length: 50 }, () => claimOf());

    await Promise.all(
      claims.map(async (claim) => {
        const attemptId = await claimAttempt(claim);
        await ledger.submit(attemptId);
        await Promise.all([
          ledger.settle(settlement(attemptId)),
          ledger.requestResend(claim.eventId, unlessSent('r1'), 'run-1'),
        ]);
      }),
    );

    for (const { eventId } of claims) {
      expect(await eventOf(eventId)).toMatchObject({ state: 'sent', sent_count: 1 });
      expect((await resendsOf(eventId)).every(({ resend }) => resend === 0)).toBe(true);
    }
  });
});
