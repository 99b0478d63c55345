import type { AttemptSettlement } from '../../../activities/ledger';
import { claimOf, newEventId } from '../../support/ledger-on-postgres';
import { ACCEPTED, FIRST, request, settlement, useLedger } from '../../support/use-ledger';

const { ledger, eventOf, attemptsOf, statesOf, claimAttempt, send } = useLedger();

describe('settle', () => {
  const rows: [Pick<AttemptSettlement, 'attempt' | 'state' | 'reason'>, sentCount: number][] = [
    [{ attempt: 'accepted', state: 'sent' }, 1],
    [{ attempt: 'ambiguous', state: 'sent' }, 1],
    [{ attempt: 'ambiguous', state: 'waiting' }, 0],
    [{ attempt: 'ambiguous', state: 'parked', reason: 'uncertain' }, 0],
    [{ attempt: 'deferred', state: 'waiting' }, 0],
    [{ attempt: 'deferred', state: 'parked', reason: 'gave_up' }, 0],
    [{ attempt: 'refused', state: 'parked', reason: 'refused' }, 0],
  ];
  it.each(rows)('records %j, with sent_count %d', async (end, sentCount) => {
    const claim = claimOf();
    const attemptId = await claimAttempt(claim);

    await ledger.settle({ attemptId, reply: 'words of the relay', ...end });

    expect(await attemptsOf(claim.eventId)).toMatchObject([
      { state: end.attempt, reply: 'words of the relay', settled_at: expect.any(Date) },
    ]);
    expect(await eventOf(claim.eventId)).toMatchObject({
      ...{ state: end.state, reason: end.reason ?? null, sent_count: sentCount },
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
  it('records a notification that could not even be tried', async () => {
    const eventId = newEventId();
    expect(await ledger.park(eventId, 'recipient_missing', FIRST)).toBeUndefined();
    expect(await eventOf(eventId)).toMatchObject({ state: 'parked', reason: 'recipient_missing' });
  });

  it('keeps what is known of it, cut to what the row holds', async () => {
    const eventId = newEventId();
    const known = { userId: 'u'.repeat(65), fileName: 'f'.repeat(9_000), emailCount: 12 };

    await ledger.park(eventId, 'recipient_missing', { ...FIRST, ...known });

    expect(await eventOf(eventId)).toMatchObject({
      user_id: expect.stringMatching(/^u{7}:[0-9a-f]{32}$/),
      file_name: expect.stringMatching(/^f{2048}$/),
      email_count: '12',
    });
  });

  it('keeps what the row has, and adds what it has not', async () => {
    const eventId = newEventId();
    await ledger.park(eventId, 'recipient_missing', { ...FIRST, userId: 'u1', fileName: 'a.csv' });

    await ledger.park(eventId, 'gave_up', { ...FIRST, fileName: 'b.csv', emailCount: 12 });
    await ledger.park(eventId, 'gave_up', FIRST);

    expect(await eventOf(eventId)).toMatchObject({
      ...{ user_id: 'u1', file_name: 'a.csv', email_count: '12' },
    });
  });

  it('replaces the reason by the newest one', async () => {
    const eventId = newEventId();
    await ledger.park(eventId, 'recipient_missing', FIRST);
    await ledger.park(eventId, 'gave_up', FIRST);
    expect(await eventOf(eventId)).toMatchObject({ state: 'parked', reason: 'gave_up' });
  });

  it('leaves a sent notification and returns its reply', async () => {
    const claim = claimOf();
    await send(claim);

    const stands = await ledger.park(claim.eventId, 'recipient_missing', FIRST);

    expect(stands).toEqual({ verdict: 'accepted', reply: ACCEPTED });
    expect(await eventOf(claim.eventId)).toMatchObject({ state: 'sent', reason: null });
  });

  it('returns assumed for a mail that was assumed sent', async () => {
    const claim = claimOf({ ifLost: 'sent' });
    await ledger.submit(await claimAttempt(claim));
    await ledger.claim(claim);

    expect(await ledger.park(claim.eventId, 'recipient_missing', FIRST)).toMatchObject({
      verdict: 'assumed',
    });
  });

  it('parks a resend that was requested after the mail was sent', async () => {
    const claim = claimOf();
    await send(claim);
    await ledger.requestResend(claim.eventId, request('r1'), 'run-1');

    const stands = await ledger.park(claim.eventId, 'recipient_missing', {
      ...{ runId: 'run-1', recordedRequests: 1 },
    });

    expect(stands).toBeUndefined();
    expect(await eventOf(claim.eventId)).toMatchObject({ state: 'parked', sent_count: 1 });
  });

  it('leaves an uncertain notification, which waits for a request', async () => {
    const claim = claimOf({ ifLost: 'parked' });
    await ledger.submit(await claimAttempt(claim));
    await ledger.claim(claim);

    const stands = await ledger.park(claim.eventId, 'recipient_missing', FIRST);

    expect(stands).toMatchObject({ verdict: 'uncertain' });
    expect(await eventOf(claim.eventId)).toMatchObject({ state: 'parked', reason: 'uncertain' });
    expect(await ledger.claim(claim)).toMatchObject({ status: 'parked', reason: 'uncertain' });
  });

  it('parks for the other reason when an attempt of the mail is ambiguous', async () => {
    const claim = claimOf();
    const ambiguous = { attempt: 'ambiguous', state: 'waiting' } as const;
    await ledger.settle(settlement(await claimAttempt(claim), ambiguous));
    const deferred = { attempt: 'deferred', state: 'waiting' } as const;
    await ledger.settle(settlement(await claimAttempt(claim), deferred));

    const stands = await ledger.park(claim.eventId, 'gave_up', FIRST);

    expect(stands).toMatchObject({ verdict: 'uncertain' });
    expect(await eventOf(claim.eventId)).toMatchObject({ state: 'parked', reason: 'uncertain' });
  });

  it('parks for the reason itself when an attempt of another resend is ambiguous', async () => {
    const claim = claimOf({ ifLost: 'sent' });
    await ledger.submit(await claimAttempt(claim));
    await ledger.claim(claim);
    await ledger.requestResend(claim.eventId, request('r1'), 'run-1');

    const stands = await ledger.park(claim.eventId, 'gave_up', {
      ...{ runId: 'run-1', recordedRequests: 1 },
    });

    expect(stands).toBeUndefined();
    expect(await eventOf(claim.eventId)).toMatchObject({ state: 'parked', reason: 'gave_up' });
  });

  it('closes an open claim', async () => {
    const claim = claimOf();
    const attemptId = await claimAttempt(claim);

    await ledger.park(claim.eventId, 'recipient_missing', FIRST);

    expect(await eventOf(claim.eventId)).toMatchObject({ reason: 'recipient_missing' });
    expect(await statesOf(claim.eventId)).toEqual(['deferred']);
    await expect(ledger.submit(attemptId)).rejects.toMatchObject({ type: 'ClaimLost' });
  });

  it('returns uncertain for an open claim that was submitted', async () => {
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
