import { reconcile } from '../judge/reconcile';
import type { Truths } from '../judge/truths';
import { attempt, event, EVENT, mail, OWNER, parked, run, TASK, truths, upload } from './truths';

const kindsOf = (all: Truths) => reconcile(all).violations.map(({ kind }) => kind);
const accountOf = (all: Truths) => reconcile(all).account;
const ambiguous = attempt({ state: 'ambiguous' });
const COPY_1 = '<copy-1@sender.example>';
const request = { requestId: 'request-1', acknowledged: true };
const resend = { eventId: EVENT, requestId: 'request-1', copy: 1 };

describe('reconcile', () => {
  it('finds nothing where each owner got one mail', () => {
    expect(reconcile(truths())).toEqual({
      account: {
        accepted: 1,
        owed: 1,
        fates: {
          mailed: 1,
          'taken for sent': 0,
          'parked: recipient_missing': 0,
          'parked: refused': 0,
          'parked: uncertain': 0,
          lost: 0,
        },
        unsureButMailed: 0,
        doubled: 0,
        doubledButRecorded: 0,
      },
      violations: [],
    });
  });

  it.each<[string, Truths]>([
    ['the ledger has accepted what the relay has not', truths({ taken: [] })],
    ['nobody knows it', truths({ runs: [], events: [], attempts: [], taken: [] })],
    [
      'only an attempt that failed is known',
      truths({
        runs: [run({ state: undefined, shownState: undefined })],
        events: [event({ state: 'waiting', sentCopies: 0 })],
        attempts: [attempt({ state: 'deferred' })],
        taken: [],
      }),
    ],
    ['it is parked without an address though there is one', parked('recipient_missing')],
    ['it is parked as refused though the relay refused nobody', parked('refused')],
    [
      'it is parked as refused though the relay refused another',
      parked('refused', { refusals: [{ at: 1, to: 'other@customer.example', reply: '550' }] }),
    ],
    ['it is parked because time was up', parked('gave_up')],
    ['it is parked as uncertain without a record', parked('uncertain', { policy: 'park' })],
    [
      'it is parked as uncertain though the policy is to send again',
      parked('uncertain', { attempts: [ambiguous], taken: [mail()] }),
    ],
    [
      'it is taken for sent though the policy is to send again',
      truths({ attempts: [ambiguous], taken: [] }),
    ],
  ])('calls it lost when %s', (_, all) => {
    expect(kindsOf(all)).toEqual(['lost']);
    expect(accountOf(all).fates.lost).toBe(1);
  });

  it.each<[string, Truths, object]>([
    [
      'parked for want of an address',
      parked('recipient_missing', { uploads: [upload({ address: undefined })] }),
      { fates: { 'parked: recipient_missing': 1 } },
    ],
    [
      'refused by the relay',
      parked('refused', { refusals: [{ at: 1, to: OWNER, reply: '550 no' }] }),
      { fates: { 'parked: refused': 1 } },
    ],
    [
      'uncertain, and the relay has it',
      parked('uncertain', { policy: 'park', attempts: [ambiguous], taken: [mail()] }),
      { fates: { 'parked: uncertain': 1 }, unsureButMailed: 1 },
    ],
    [
      'taken for sent, and the relay has it not',
      truths({ policy: 'assume_sent', attempts: [ambiguous], taken: [] }),
      { fates: { 'taken for sent': 1 }, unsureButMailed: 0 },
    ],
    [
      'doubled with a record',
      truths({ attempts: [ambiguous, attempt()], taken: [mail(), mail()] }),
      { fates: { mailed: 1 }, doubled: 0, doubledButRecorded: 1 },
    ],
    [
      'a copy that was asked for',
      truths({
        uploads: [upload({ resends: [request] })],
        events: [event({ sentCopies: 2 })],
        attempts: [attempt(), attempt({ copy: 1, messageId: COPY_1 })],
        resends: [resend],
        runs: [run(), run({ onlyResend: true, runId: 'run-2', startedAt: 600 })],
        taken: [mail(), mail({ messageId: COPY_1 })],
      }),
      { owed: 2, fates: { mailed: 2 } },
    ],
  ])('accounts for one that is %s', (_, all, account) => {
    expect(kindsOf(all)).toEqual([]);
    expect(accountOf(all)).toMatchObject(account);
  });

  it('calls it doubled when a mail has no attempt that may have sent it', () => {
    const all = truths({
      attempts: [attempt({ state: 'deferred' }), attempt()],
      taken: [mail(), mail()],
    });

    expect(kindsOf(all)).toEqual(['doubled']);
    expect(accountOf(all)).toMatchObject({ doubled: 1, doubledButRecorded: 0 });
  });

  it.each(['park', 'assume_sent'] as const)(
    'finds what was sent again by itself under %s',
    (policy) => {
      const all = truths({ policy, attempts: [ambiguous, attempt()], taken: [mail(), mail()] });

      expect(kindsOf(all)).toEqual(['against the policy']);
    },
  );

  it('lets a request send again what is uncertain', () => {
    const all = truths({
      policy: 'park',
      uploads: [upload({ resends: [request] })],
      attempts: [ambiguous, attempt()],
      resends: [{ ...resend, copy: 0 }],
      taken: [mail(), mail()],
    });

    expect(kindsOf(all)).toEqual([]);
  });

  it.each<[string, Partial<Truths>, string[]]>([
    [
      'a genuine webhook that nobody took',
      {
        ...{ uploads: [upload({ accepted: false })] },
        ...{ runs: [], events: [], attempts: [], taken: [] },
      },
      ['not accepted'],
    ],
    [
      'a resend that was acknowledged and is not in the ledger',
      { uploads: [upload({ resends: [request] })] },
      ['resend lost'],
    ],
    [
      'a copy that was asked for and never came',
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
      'a run that does not replay',
      { runs: [run({ replayFault: 'nondeterminism' })] },
      ['no replay'],
    ],
    ['a run that failed', { runs: [run({ status: 'FAILED' })] }, ['run failed']],
    [
      'a run that says what the ledger does not',
      { runs: [run({ state: 'parked', shownState: 'parked', reason: 'refused' })] },
      ['disagreement'],
    ],
    [
      'a search attribute that says what the result does not',
      { runs: [run({ shownState: 'waiting' })] },
      ['disagreement'],
    ],
    [
      'a mail that the ledger does not know',
      { taken: [mail(), mail({ messageId: '<unknown@sender.example>' })] },
      ['stray mail'],
    ],
    [
      'a mail to somebody else',
      { taken: [mail({ to: 'other@customer.example' })] },
      ['stray mail'],
    ],
    [
      'a mail of an outcome that is not owed',
      {
        attempts: [attempt(), attempt({ eventId: 'other', messageId: COPY_1 })],
        taken: [mail(), mail({ messageId: COPY_1 })],
      },
      ['stray mail'],
    ],
  ])('finds %s', (_, change, kinds) => {
    expect(kindsOf(truths(change))).toEqual(kinds);
  });

  it('lets a run that has sent the mail show no state', () => {
    expect(kindsOf(truths({ runs: [run({ shownState: undefined })] }))).toEqual([]);
  });

  it('lets a run that had nothing to do say nothing', () => {
    const idle = run({
      ...{ runId: 'run-2', onlyResend: true, startedAt: 600 },
      ...{ state: 'nothing_owed', shownState: 'nothing_owed' },
    });

    expect(kindsOf(truths({ runs: [run(), idle] }))).toEqual([]);
  });
});
