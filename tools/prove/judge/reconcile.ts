import { checkAmbiguity } from './check-ambiguity';
import { checkExpectedMails, isDoubled, isRecorded } from './check-expected-mails';
import { checkRequests } from './check-requests';
import { checkRuns } from './check-runs';
import { checkStrayMails } from './check-stray-mails';
import { expectedMailsOf, type Fate, fateOf } from './expected-mails';
import type { Observations } from './observations';
import type { Violation } from './violation';

/** The totals of the table. */
export interface Account {
  accepted: number;
  /** Notifications and requested resends. */
  expected: number;
  fates: Record<Fate, number>;
  /** Mails that are assumed sent or parked as uncertain, and are at the relay. */
  uncertainButMailed: number;
  doubled: number;
  doubledButRecorded: number;
}

/** Compares the observations of the sender, Temporal, the ledger and the relay. */
export function reconcile(observations: Observations): {
  account: Account;
  violations: Violation[];
} {
  const expected = expectedMailsOf(observations);
  const fates: Account['fates'] = {
    mailed: 0,
    'assumed sent': 0,
    'parked: recipient_missing': 0,
    'parked: refused': 0,
    'parked: uncertain': 0,
    lost: 0,
  };
  let uncertainButMailed = 0;
  for (const mail of expected) {
    const fate = fateOf(mail, observations);
    fates[fate] += 1;
    const isUncertain = fate === 'assumed sent' || fate === 'parked: uncertain';
    if (isUncertain && mail.mails > 0) uncertainButMailed += 1;
  }
  const doubled = expected.filter(isDoubled);
  return {
    account: {
      accepted: observations.uploads.filter(({ accepted }) => accepted).length,
      expected: expected.length,
      fates,
      uncertainButMailed,
      doubled: doubled.filter((mail) => !isRecorded(mail)).length,
      doubledButRecorded: doubled.filter(isRecorded).length,
    },
    violations: [
      ...checkExpectedMails(expected, observations),
      ...checkRequests(observations),
      ...checkRuns(observations),
      ...checkStrayMails(observations),
      ...checkAmbiguity(observations),
    ],
  };
}
