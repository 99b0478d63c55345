import { createHash } from 'node:crypto';
import { capMessage } from '../../workflows/core/step-failure';
import type { Verdict } from './mailer';

/** From so many different recipients on, all refused alike and none accepted, it is our trouble. */
export const ALIKE_REFUSALS_MAX = 5;
/** Refusals in other words that are told apart at the same time. */
const KINDS_MAX = 20;

type Refused = Extract<Verdict, { verdict: 'refused' }>;
type Deferred = Extract<Verdict, { verdict: 'deferred' }>;

/**
 * A relay that refuses everyone alike objects to us, not to the recipients: an unverified sender, an
 * account out of credit. Remembers the refusals of one worker since the relay last accepted a mail;
 * of a recipient only a digest.
 */
export function createAlikeRefusals() {
  const recipientsByKind = new Map<string, Set<string>>();

  return {
    /** The verdict as it stands, or a deferral instead of one more refusal of the same kind. */
    judge(recipient: string, verdict: Verdict): Verdict {
      if (verdict.verdict === 'accepted') recipientsByKind.clear();
      if (verdict.verdict !== 'refused' || verdict.code === undefined) return verdict;
      const kind = kindOf(verdict, recipient);
      const recipients = recipientsByKind.get(kind) ?? new Set<string>();
      if (recipients.size >= ALIKE_REFUSALS_MAX) return toDeferral(verdict);
      recipientsByKind.delete(kind);
      recipientsByKind.set(kind, recipients.add(digest(recipient)));
      const [oldest] = recipientsByKind.keys();
      if (oldest !== undefined && recipientsByKind.size > KINDS_MAX)
        recipientsByKind.delete(oldest);
      return verdict;
    },
  };
}

/** Step, code and text. Words with a digit differ from mail to mail: queue IDs, times; domains too. */
function kindOf({ step, code, reply }: Refused, recipient: string): string {
  const [, ...words] = reply.toLowerCase().split(/\s+/);
  const enhanced = words[0]?.match(/^\d\.\d+\.\d+$/)?.[0];
  const domain = recipient.toLowerCase().slice(recipient.lastIndexOf('@') + 1);
  const varies = (word: string) => /\d/.test(word) || word.includes(domain);
  const text = words.map((word) => (varies(word) ? '#' : word)).join(' ');
  return [step, code, enhanced, text].join(' ');
}

function toDeferral({ step, code, reply }: Refused): Deferred {
  return {
    ...{ verdict: 'deferred', step, code, configuration: true, cause: 'REFUSES_EVERYONE' },
    reply: capMessage(
      `the relay refuses every recipient alike, ${ALIKE_REFUSALS_MAX} in a row: ${reply}`,
    ),
  };
}

function digest(recipient: string): string {
  return createHash('sha256').update(recipient.toLowerCase()).digest('base64');
}
