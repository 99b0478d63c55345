import { reconcile } from '../judge/reconcile';
import type { ObservedAttempt, Observations } from '../judge/observations';
import {
  attempt,
  event,
  EVENT,
  mail,
  OWNER,
  parked,
  run,
  submission,
  TASK,
  observations,
  upload,
} from './observations';

const kindsOf = (all: Observations) => reconcile(all).violations.map(({ kind }) => kind);
const accountOf = (all: Observations) => reconcile(all).account;
const ambiguous = attempt({ state: 'ambiguous' });
const RESEND_1 = '<resend-1@sender.example>';
const request = { requestId: 'request-1', acknowledged: true };
const resend = { eventId: EVENT, requestId: 'request-1', resend: 1 };

describe('reconcile', () => {
  it('finds no violation when the owner got one mail', () => {
    expect(reconcile(observations())).toEqual({
      account: {
        accepted: 1,
        expected: 1,
        fates: {
          mailed: 1,
          'assumed sent': 0,
          'parked: recipient_missing': 0,
          'parked: refused': 0,
          'parked: uncertain': 0,
          lost: 0,
        },
        uncertainButMailed: 0,
        doubled: 0,
        doubledButRecorded: 0,
      },
      violations: [],
    });
  });

  it.each<[string, Observations]>([
    ['the attempt is accepted and the relay has no mail', observations({ taken: [] })],
    [
      'neither Temporal nor the ledger has it',
      observations({ runs: [], events: [], attempts: [], taken: [] }),
    ],
    [
      'its only attempt failed',
      observations({
        runs: [run({ state: undefined, shownState: undefined })],
        events: [event({ state: 'waiting', sentCount: 0 })],
        attempts: [attempt({ state: 'deferred' })],
        taken: [],
      }),
    ],
    ['it is parked without an address and there is one', parked('recipient_missing')],
    ['it is parked as refused and the relay refused no recipient', parked('refused')],
    [
      'it is parked as refused and the relay refused another recipient',
      parked('refused', { refusals: [{ at: 1, to: 'other@customer.example' }] }),
    ],
    ['it is parked because the service gave up', parked('gave_up')],
    [
      'it is parked as uncertain without an ambiguous attempt',
      parked('uncertain', { policy: 'park' }),
    ],
    [
      'it is parked as uncertain and the policy is to send again',
      parked('uncertain', { attempts: [ambiguous], taken: [mail()] }),
    ],
    [
      'it is assumed sent and the policy is to send again',
      observations({ attempts: [ambiguous], taken: [] }),
    ],
  ])('counts a notification as lost when %s', (_, all) => {
    expect(kindsOf(all)).toEqual(['lost']);
    expect(accountOf(all).fates.lost).toBe(1);
  });

  it.each<[string, Observations, object]>([
    [
      'parked without an address',
      parked('recipient_missing', { uploads: [upload({ address: undefined })] }),
      { fates: { 'parked: recipient_missing': 1 } },
    ],
    [
      'refused by the relay',
      parked('refused', { refusals: [{ at: 1, to: OWNER }] }),
      { fates: { 'parked: refused': 1 } },
    ],
    [
      'uncertain and at the relay',
      parked('uncertain', { policy: 'park', attempts: [ambiguous], taken: [mail()] }),
      { fates: { 'parked: uncertain': 1 }, uncertainButMailed: 1 },
    ],
    [
      'uncertain, refused when it was sent again',
      parked('uncertain', {
        attempts: [ambiguous, attempt({ state: 'refused' })],
        refusals: [{ at: 1, to: OWNER }],
      }),
      { fates: { 'parked: uncertain': 1 }, uncertainButMailed: 0 },
    ],
    [
      'assumed sent and not at the relay',
      observations({ policy: 'assume_sent', attempts: [ambiguous], taken: [] }),
      { fates: { 'assumed sent': 1 }, uncertainButMailed: 0 },
    ],
    [
      'doubled with a record',
      observations({ attempts: [ambiguous, attempt()], taken: [mail(), mail()] }),
      { fates: { mailed: 1 }, doubled: 0, doubledButRecorded: 1 },
    ],
    [
      'resent on request',
      observations({
        uploads: [upload({ resends: [request] })],
        events: [event({ sentCount: 2 })],
        attempts: [attempt(), attempt({ resend: 1, messageId: RESEND_1 })],
        resends: [resend],
        runs: [run(), run({ onlyResend: true, runId: 'run-2', startedAt: 600 })],
        taken: [mail(), mail({ messageId: RESEND_1 })],
      }),
      { expected: 2, fates: { mailed: 2 } },
    ],
  ])('counts a notification that is %s', (_, all, account) => {
    expect(kindsOf(all)).toEqual([]);
    expect(accountOf(all)).toMatchObject(account);
  });

  it('finds a double when a mail has no attempt that may have sent it', () => {
    const all = observations({
      attempts: [attempt({ state: 'deferred' }), attempt()],
      taken: [mail(), mail()],
    });

    expect(kindsOf(all)).toEqual(['doubled']);
    expect(accountOf(all)).toMatchObject({ doubled: 1, doubledButRecorded: 0 });
  });

  it.each(['park', 'assume_sent'] as const)(
    'finds a mail that was sent again without a request under %s',
    (policy) => {
      const all = observations({
        policy,
        attempts: [ambiguous, attempt()],
        taken: [mail(), mail()],
      });

      expect(kindsOf(all)).toEqual(['against the policy']);
    },
  );

  it('finds no violation when a request resends an uncertain mail', () => {
    const all = observations({
      policy: 'park',
      uploads: [upload({ resends: [request] })],
      attempts: [ambiguous, attempt()],
      resends: [{ ...resend, resend: 0 }],
      taken: [mail(), mail()],
    });

    expect(kindsOf(all)).toEqual([]);
  });

  it.each<[string, Partial<Observations>, string[]]>([
    [
      'a genuine webhook that was not acknowledged',
      {
        ...{ uploads: [upload({ accepted: false })] },
        ...{ runs: [], events: [], attempts: [], taken: [] },
      },
      ['not accepted'],
    ],
    [
      'an acknowledged resend that is not in the ledger',
      { uploads: [upload({ resends: [request] })] },
      ['resend lost'],
    ],
    [
      'a resend without a mail',
      { uploads: [upload({ resends: [request] })], resends: [resend] },
      ['lost'],
    ],
    [
      'a tampered webhook that was answered 200',
      { nuisances: [{ taskId: 'x', nuisance: 'tampered', statuses: [200] }] },
      ['nuisance accepted'],
    ],
    [
      'an oversized webhook that has a run',
      {
        nuisances: [{ taskId: TASK, nuisance: 'oversized', statuses: [] }],
      },
      ['nuisance accepted'],
    ],
    ['two runs that were started for one webhook', { runs: [run(), run()] }, ['second run']],
    ['a run that is open', { runs: [run({ status: 'RUNNING' })] }, ['left open']],
    [
      'a run whose history does not replay',
      { runs: [run({ replayFault: 'nondeterminism' })] },
      ['no replay'],
    ],
    ['a run that failed', { runs: [run({ status: 'FAILED' })] }, ['run failed']],
    [
      'a run whose result contradicts the ledger',
      { runs: [run({ state: 'parked', shownState: 'parked', reason: 'refused' })] },
      ['disagreement'],
    ],
    [
      'a search attribute that contradicts the result',
      { runs: [run({ shownState: 'waiting' })] },
      ['disagreement'],
    ],
    [
      'a mail that is not in the ledger',
      { taken: [mail(), mail({ messageId: '<unknown@sender.example>' })] },
      ['stray mail'],
    ],
    [
      'a mail to another recipient',
      { taken: [mail({ to: 'other@customer.example' })] },
      ['stray mail'],
    ],
    [
      'a mail for an outcome that is not expected',
      {
        attempts: [attempt(), attempt({ eventId: 'other', messageId: RESEND_1 })],
        taken: [mail(), mail({ messageId: RESEND_1 })],
      },
      ['stray mail'],
    ],
  ])('finds %s', (_, change, kinds) => {
    expect(kindsOf(observations(change))).toEqual(kinds);
  });

  describe('an attempt that the ledger calls ambiguous', () => {
    const SECONDS_10 = 10_000;
    const lost = attempt({
      state: 'ambiguous',
      reply: 'the worker was lost before the answer of the relay was recorded',
    });
    const deferred = submission({ verdict: 'deferred' });
    const withoutDot = submission({ dotAt: undefined });
    const fault = (target: string, at = 1_400) => ({ at, until: at, target, what: 'kill' });
    const sentAgain = (attempts: ObservedAttempt[], change: Partial<Observations>) =>
      observations({ attempts: [...attempts, attempt()], ...change });

    it.each<[string, Partial<Observations>]>([
      ['the relay answered that it does not take the message', { submissions: [deferred] }],
      ['its final dot never came', { submissions: [withoutDot] }],
      ['the relay was not asked', { submissions: [] }],
      [
        'the relay was asked for another recipient',
        { submissions: [submission({ to: 'other@customer.example' })] },
      ],
      ['another attempt was', { submissions: [deferred, submission({ at: 3_000 })] }],
      [
        'another worker was killed',
        { submissions: [deferred], faults: [fault('worker-2'), fault('worker-2→relay')] },
      ],
      [
        'its worker was killed long before or after',
        {
          submissions: [deferred],
          faults: [fault('worker-1', -SECONDS_10), fault('worker-1', SECONDS_10)],
        },
      ],
      [
        'the worker could record it after an outage of the ledger',
        { submissions: [deferred], faults: [fault('postgres'), fault('worker-1→postgres')] },
      ],
    ])('is found when %s', (_, change) => {
      expect(kindsOf(sentAgain([ambiguous], change))).toEqual(['not ambiguous']);
    });

    it.each<[string, Partial<Observations>]>([
      ['the reply was lost', { submissions: [submission({ verdict: 'ambiguous' })] }],
      [
        'the relay broke off within the message',
        { submissions: [submission({ verdict: 'ambiguous', dotAt: undefined })] },
      ],
      ['a fresh connection was tried after a kept one', { submissions: [deferred, submission()] }],
      ...['worker-1', 'relay', 'worker-1→relay', 'postgres', 'worker-1→postgres'].map(
        (target): [string, Partial<Observations>] => [
          `a fault of ${target} came between`,
          { submissions: [deferred], faults: [fault(target)] },
        ],
      ),
      [
        'its worker was killed before the final dot',
        { submissions: [withoutDot], faults: [fault('worker-1')] },
      ],
    ])('is no violation when %s', (_, change) => {
      expect(kindsOf(sentAgain([lost], change))).toEqual([]);
    });
  });

  it('finds no violation when a run that sent the mail has no state attribute', () => {
    expect(kindsOf(observations({ runs: [run({ shownState: undefined })] }))).toEqual([]);
  });

  it('finds no violation when a run had nothing to send', () => {
    const idle = run({
      ...{ runId: 'run-2', onlyResend: true, startedAt: 600 },
      ...{ state: 'nothing_to_send', shownState: 'nothing_to_send' },
    });

    expect(kindsOf(observations({ runs: [run(), idle] }))).toEqual([]);
  });
});
