import { type ExpectedMail, fateOf } from './expected-mails';
import type { Observations } from './observations';
import type { Violation } from './violation';

/** Each expected mail was sent once, or the ledger says why it was not or why it was sent twice. */
export function checkExpectedMails(
  expected: ExpectedMail[],
  observations: Observations,
): Violation[] {
  return expected.flatMap((mail) => {
    const { upload, accepted, ambiguous, mails, requests } = mail;
    const violation = (kind: Violation['kind'], what: string): Violation => ({
      ...{ kind, taskId: upload.taskId },
      what: `resend ${mail.resend}: ${what}`,
    });
    const event = observations.events.find(({ id }) => id === upload.eventId);
    const found: Violation[] = [];
    if (fateOf(mail, observations) === 'lost') {
      const ledger = event ? [event.state, event.reason].filter(Boolean).join(' ') : 'nothing';
      found.push(violation('lost', `${mails} mails, ${accepted} accepted, ledger says ${ledger}`));
    }
    if (isDoubled(mail) && !isRecorded(mail)) {
      found.push(
        violation('doubled', `${mails} mails, ${accepted} accepted, ${ambiguous} ambiguous`),
      );
    }
    // Only the default policy sends an ambiguous message again without a request.
    if (observations.policy !== 'resend' && accepted + ambiguous > 1 + requests) {
      found.push(
        violation('against the policy', `sent again after ${ambiguous} ambiguous attempts`),
      );
    }
    return found;
  });
}

export const isDoubled = ({ mails }: ExpectedMail) => mails > 1;
export const isRecorded = ({ mails, accepted, ambiguous }: ExpectedMail) =>
  mails <= accepted + ambiguous;
