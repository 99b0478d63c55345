import { type Copy, fateOf } from './copies';
import type { Truths } from './truths';
import type { Violation } from './violation';

/** Each copy that is owed is mailed once, or there is a record that says why not or why more. */
export function checkCopies(copies: Copy[], truths: Truths): Violation[] {
  return copies.flatMap((copy) => {
    const { upload, accepted, ambiguous, mails, requests } = copy;
    const tell = (kind: Violation['kind'], what: string): Violation => ({
      ...{ kind, taskId: upload.taskId },
      what: `copy ${copy.copy}: ${what}`,
    });
    const event = truths.events.find(({ id }) => id === upload.eventId);
    const found: Violation[] = [];
    if (fateOf(copy, truths) === 'lost') {
      const ledger = event ? [event.state, event.reason].filter(Boolean).join(' ') : 'nothing';
      found.push(tell('lost', `${mails} mails, ${accepted} accepted, ledger says ${ledger}`));
    }
    if (isDoubled(copy) && !isRecorded(copy)) {
      found.push(tell('doubled', `${mails} mails, ${accepted} accepted, ${ambiguous} ambiguous`));
    }
    // Only the default policy may send again, by itself, what the relay may have.
    if (truths.policy !== 'resend' && accepted + ambiguous > 1 + requests) {
      found.push(tell('against the policy', `sent again after ${ambiguous} ambiguous attempts`));
    }
    return found;
  });
}

export const isDoubled = ({ mails }: Copy) => mails > 1;
export const isRecorded = ({ mails, accepted, ambiguous }: Copy) => mails <= accepted + ambiguous;
