import { randomUUID } from 'node:crypto';
import { workflowId } from '../../../workflows/core/workflow-id';
import { claimOf } from '../../support/ledger-on-postgres';
import {
  ACCEPTED,
  attemptIdOf,
  FIRST,
  request,
  settlement,
  useLedger,
} from '../../support/use-ledger';

const { ledger, eventOf, attemptsOf, statesOf, claimAttempt, send } = useLedger();

describe('claim', () => {
  it('claims the first attempt of a new notification', async () => {
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

  it.each(['run-1', 'run-2'])('returns the mail that run-1 has sent to %s', async (runId) => {
    const claim = claimOf();
    await send(claim);

    const again = await ledger.claim({ ...claim, runId });

    expect(again).toEqual({ status: 'sent', runId: 'run-1', reply: ACCEPTED });
    expect(await statesOf(claim.eventId)).toEqual(['accepted']);
    expect(await eventOf(claim.eventId)).toMatchObject({ state: 'sent', sent_count: 1 });
  });

  it('returns the first mail as sent while a resend is open', async () => {
    const claim = claimOf();
    await send(claim);
    await ledger.requestResend(claim.eventId, request('r1'), 'run-1');
    await claimAttempt({ ...claim, resend: 1, recordedRequests: 1 });

    const first = await ledger.claim({ ...claim, runId: 'run-2' });

    expect(first.status).toBe('sent');
    expect(await statesOf(claim.eventId)).toEqual(['accepted', 'sending']);
  });

  it('returns the first mail as sent while a resend is uncertain', async () => {
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
    'claims the next attempt after one that was %s, with the date of the first',
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
    'refuses a parked notification until it is requested: %s',
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

  it('returns the reason and the reply to a worker that was away', async () => {
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
