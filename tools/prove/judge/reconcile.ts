import { checkCopies, isDoubled, isRecorded } from './check-copies';
import { checkMails } from './check-mails';
import { checkRequests } from './check-requests';
import { checkRuns } from './check-runs';
import { type Fate, fateOf, owedCopies } from './copies';
import type { Truths } from './truths';
import type { Violation } from './violation';

/** The columns of the table. */
export interface Account {
  accepted: number;
  /** Notifications and copies that were asked for. */
  owed: number;
  fates: Record<Fate, number>;
  /** Of those taken for sent, and of those parked as uncertain: how many the relay has. */
  unsureButMailed: number;
  doubled: number;
  doubledButRecorded: number;
}

/** Compares what was sent in, Temporal, the ledger and the relay. */
export function reconcile(truths: Truths): { account: Account; violations: Violation[] } {
  const copies = owedCopies(truths);
  const fates: Account['fates'] = {
    mailed: 0,
    'taken for sent': 0,
    'parked: recipient_missing': 0,
    'parked: refused': 0,
    'parked: uncertain': 0,
    lost: 0,
  };
  let unsureButMailed = 0;
  for (const copy of copies) {
    const fate = fateOf(copy, truths);
    fates[fate] += 1;
    const unsure = fate === 'taken for sent' || fate === 'parked: uncertain';
    if (unsure && copy.mails > 0) unsureButMailed += 1;
  }
  const doubled = copies.filter(isDoubled);
  return {
    account: {
      accepted: truths.uploads.filter(({ accepted }) => accepted).length,
      owed: copies.length,
      fates,
      unsureButMailed,
      doubled: doubled.filter((copy) => !isRecorded(copy)).length,
      doubledButRecorded: doubled.filter(isRecorded).length,
    },
    violations: [
      ...checkCopies(copies, truths),
      ...checkRequests(truths),
      ...checkRuns(truths),
      ...checkMails(truths),
    ],
  };
}
