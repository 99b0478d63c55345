import type {
  AttemptSettlement,
  Claim,
  ConcludedAttempt,
  LedgerChanges,
} from '../../../activities/ledger';
import { createLedger } from '../../../src/clients/postgres/ledger';
import { claimOf, newEventId } from '../../support/ledger-on-postgres';
import { newRecipient } from '../../support/new-recipient';
import { ACCEPTED, FIRST, request, settlement, useLedger } from '../../support/use-ledger';

const { postgres, ledger: others, claimAttempt, send } = useLedger();

/** What the calls of a test have changed; those of `others`, which were there before, are not reported. */
let changes: LedgerChanges[];
const { database } = postgres;
const onChange = (change: LedgerChanges) => void changes.push(change);
const ledger = createLedger({ database, onChange });
beforeEach(() => {
  changes = [];
});

const NOTHING: LedgerChanges = { attempts: [] };
const RUN_1 = { runId: 'run-1', recordedRequests: 1 };
const concluded = (verdict: ConcludedAttempt['verdict'], reply = ACCEPTED): ConcludedAttempt => ({
  ...{ resend: 0, verdict, reply },
});
const AMBIGUOUS = concluded(
  'ambiguous',
  'the worker was lost before the answer of the relay was recorded',
);
const DEFERRED = concluded('deferred', 'the worker was lost before the message was submitted');

/** A claim whose worker dies, before or after the final dot. */
async function lostClaim(change: Partial<Claim> & { isSubmitted: boolean }) {
  const { isSubmitted, ...changed } = change;
  const claim = claimOf(changed);
  const attemptId = await claimAttempt(claim);
  if (isSubmitted) await others.submit(attemptId);
  return { claim, attemptId };
}

describe('what claim has changed', () => {
  it('is nothing beside the claim itself', async () => {
    await ledger.claim(claimOf());

    expect(changes).toEqual([NOTHING]);
  });

  it.each<[Claim['ifLost'], LedgerChanges]>([
    ['waiting', { attempts: [AMBIGUOUS] }],
    ['parked', { attempts: [AMBIGUOUS], settled: { state: 'parked', reason: 'uncertain' } }],
    ['sent', { attempts: [AMBIGUOUS], settled: { state: 'sent' } }],
  ])('is the attempt of a worker lost after the dot, with p_if_lost %s', async (ifLost, change) => {
    const { claim } = await lostClaim({ ifLost, isSubmitted: true });

    await ledger.claim(claim);

    expect(changes).toEqual([change]);
  });

  it.each<Claim['ifLost']>(['parked', 'sent'])(
    'is nothing when it comes again, with p_if_lost %s',
    async (ifLost) => {
      const { claim } = await lostClaim({ ifLost, isSubmitted: true });
      await others.claim(claim);

      await ledger.claim(claim);

      expect(changes).toEqual([NOTHING]);
    },
  );

  it('is the attempt of a worker lost before the dot', async () => {
    const { claim } = await lostClaim({ isSubmitted: false });

    await ledger.claim(claim);

    expect(changes).toEqual([{ attempts: [DEFERRED] }]);
  });

  it('is nothing when the notification was parked or sent before, or a request is not known', async () => {
    const [parked, sent, requested] = [claimOf(), claimOf(), claimOf()];
    await others.park(parked.eventId, 'gave_up', FIRST);
    await send(sent);
    await others.requestResend(requested.eventId, request('r1'), 'run-1');

    for (const claim of [parked, sent, requested]) await ledger.claim(claim);

    expect(changes).toEqual([NOTHING, NOTHING, NOTHING]);
  });

  it('is the parking of a mail beyond the limit of its recipient, once', async () => {
    const limited = createLedger({ database, onChange, recipientMaxPerDay: 1 });
    const recipient = newRecipient();
    await claimAttempt(claimOf({ recipient }));
    const second = claimOf({ recipient });

    await limited.claim(second);
    await limited.claim(second);

    const parked = { state: 'parked', reason: 'recipient_limit' };
    expect(changes).toEqual([{ attempts: [], settled: parked }, NOTHING]);
  });
});

describe('what settle has changed', () => {
  it.each<[Omit<AttemptSettlement, 'attemptId' | 'reply'>, LedgerChanges['settled']]>([
    [{ attempt: 'accepted', state: 'sent' }, { state: 'sent' }],
    [{ attempt: 'ambiguous', state: 'sent' }, { state: 'sent' }],
    [{ attempt: 'ambiguous', state: 'waiting' }, undefined],
    [{ attempt: 'deferred', state: 'waiting' }, undefined],
    [
      { attempt: 'deferred', state: 'parked', reason: 'gave_up' },
      { state: 'parked', reason: 'gave_up' },
    ],
    [
      { attempt: 'refused', state: 'parked', reason: 'refused' },
      { state: 'parked', reason: 'refused' },
    ],
  ])('is the attempt, and what it means for the notification: %j', async (end, settled) => {
    const attemptId = await claimAttempt(claimOf());

    await ledger.settle(settlement(attemptId, end));
    await ledger.settle(settlement(attemptId, end));

    const attempts = [concluded(end.attempt)];
    expect(changes).toEqual([{ attempts, settled }, NOTHING]);
  });

  it('has the details that the ledger does not keep', async () => {
    const attemptId = await claimAttempt(claimOf());
    const details = { step: 'auth', code: 535, configuration: true } as const;

    await ledger.settle(settlement(attemptId, { attempt: 'deferred', state: 'waiting', details }));

    expect(changes).toEqual([{ attempts: [{ ...concluded('deferred'), ...details }] }]);
  });

  it('is the late 250, and the open attempt that it ends', async () => {
    const { claim, attemptId } = await lostClaim({ isSubmitted: true });
    await claimAttempt(claim);

    await ledger.settle(settlement(attemptId));
    await ledger.settle(settlement(attemptId));

    const [change, again] = changes;
    expect(change?.attempts).toHaveLength(2);
    expect(change?.attempts).toEqual(expect.arrayContaining([concluded('accepted'), DEFERRED]));
    expect(change?.settled).toEqual({ state: 'sent' });
    expect(again).toEqual(NOTHING);
  });

  it('is only the attempt when the mail was assumed sent before', async () => {
    const { claim, attemptId } = await lostClaim({ ifLost: 'sent', isSubmitted: true });
    await others.claim(claim);

    await ledger.settle(settlement(attemptId));

    expect(changes).toEqual([{ attempts: [concluded('accepted')] }]);
  });

  it('is nothing when another attempt has taken over', async () => {
    const { claim, attemptId } = await lostClaim({ isSubmitted: false });
    await claimAttempt(claim);

    await ledger.settle(settlement(attemptId));

    expect(changes).toEqual([NOTHING]);
  });
});

describe('what park has changed', () => {
  const parked = (reason: string) => ({ state: 'parked', reason });

  it('is the notification, once for each reason', async () => {
    const eventId = newEventId();

    for (const reason of ['recipient_missing', 'recipient_missing', 'gave_up']) {
      await ledger.park(eventId, reason, FIRST);
    }

    expect(changes).toEqual([
      { attempts: [], settled: parked('recipient_missing') },
      NOTHING,
      { attempts: [], settled: parked('gave_up') },
    ]);
  });

  it('is the notification again after a request', async () => {
    const eventId = newEventId();
    await others.park(eventId, 'gave_up', FIRST);
    await others.requestResend(eventId, request('r1'), 'run-1');

    await ledger.park(eventId, 'gave_up', RUN_1);

    expect(changes).toEqual([{ attempts: [], settled: parked('gave_up') }]);
  });

  it.each([
    { isSubmitted: false, attempt: DEFERRED, reason: 'gave_up' },
    { isSubmitted: true, attempt: AMBIGUOUS, reason: 'uncertain' },
  ])('is the open attempt, too: %j', async ({ isSubmitted, attempt, reason }) => {
    const { claim } = await lostClaim({ isSubmitted });

    await ledger.park(claim.eventId, 'gave_up', FIRST);
    await ledger.park(claim.eventId, 'gave_up', FIRST);

    expect(changes).toEqual([{ attempts: [attempt], settled: parked(reason) }, NOTHING]);
  });

  it('is nothing when the mail was sent, or a request is not known', async () => {
    const [sent, requested] = [claimOf(), claimOf()];
    await send(sent);
    await others.requestResend(requested.eventId, request('r1'), 'run-1');

    await ledger.park(sent.eventId, 'gave_up', FIRST);
    await ledger.park(requested.eventId, 'gave_up', FIRST);

    expect(changes).toEqual([NOTHING, NOTHING]);
  });
});

describe('what requestResend has changed', () => {
  it('is the request, once', async () => {
    const { eventId } = claimOf();

    for (const runId of ['run-1', 'run-1', 'run-2']) {
      await ledger.requestResend(eventId, request('r1'), runId);
    }

    expect(changes).toEqual([
      { isRequested: true },
      { isRequested: false },
      { isRequested: false },
    ]);
  });

  it('is nothing when it is declined', async () => {
    const claim = claimOf();
    await send(claim);

    await ledger.requestResend(claim.eventId, { ...request('r1'), unlessSent: true }, 'run-1');

    expect(changes).toEqual([{ isRequested: false }]);
  });
});
