import type { Check, Examination } from '../examine';
import { failure, type Judgement } from '../finding';
import { dkimName, judgeDkim } from './dkim';
import { judgeAlignment, judgePolicy, unalignedFor, viewDmarc } from './dmarc';
import { judgeMailExchange } from './mail-exchange';
import { DnsFault, type Resolve } from './resolver';
import { judgeOutgoing, judgeSpfRecord } from './spf';

export interface SenderQuestions {
  /** The address in From and in MAIL FROM. */
  from: string;
  replyToDomains: readonly string[];
  outgoing: readonly string[] | undefined;
  dkimSelector: string | undefined;
  resolve: Resolve;
}

/** What receivers find in the DNS about the sender of an email. */
export function senderExamination(questions: SenderQuestions): Examination {
  const { from, replyToDomains, dkimSelector, resolve } = questions;
  const domain = domainOf(from);
  const key = dkimSelector === undefined ? undefined : dkimName(dkimSelector, domain);

  async function examineDmarc(check: Check): Promise<void> {
    const ask = asking(check);
    const signer = await examineDkim(ask);
    const signedFor = signer === undefined ? undefined : await alignedSigner(signer);
    const spfQuestions = { ...questions, domain, signedFor };
    const record = await ask('SPF record', () => judgeSpfRecord(spfQuestions));
    const isRead = record.status !== 'failure';
    const spf = isRead ? await ask('SPF of the relay', () => judgeOutgoing(spfQuestions)) : record;
    await ask('DMARC policy', async () => judgePolicy(resolve, await viewDmarc(resolve, domain)));
    await ask('DMARC alignment', async () =>
      judgeAlignment(await viewDmarc(resolve, domain), {
        ...(spf.status !== 'skipped' && { spfPasses: spf.status === 'ok' }),
        ...(signer !== undefined && { signer }),
      }),
    );
  }

  /** The domain whose signature receivers count, if one is known. */
  async function examineDkim(ask: ReturnType<typeof asking>): Promise<string | undefined> {
    let isUsable = false;
    await ask('DKIM', async () => {
      const verdict = await judgeDkim(resolve, key?.name);
      ({ isUsable } = verdict);
      return verdict.judgement;
    });
    return isUsable ? key?.signer : undefined;
  }

  /** The same domain if its signature alone would make every receiver's DMARC pass. */
  async function alignedSigner(signer: string): Promise<string | undefined> {
    try {
      const unaligned = await unalignedFor(await viewDmarc(resolve, domain), signer);
      return unaligned.length === 0 ? signer : undefined;
    } catch (err) {
      // The checks of DMARC say so.
      if (err instanceof DnsFault) return undefined;
      throw err;
    }
  }

  async function examineIncoming(check: Check): Promise<void> {
    const ask = asking(check);
    await Promise.all([
      ask('bounces', () =>
        judgeMailExchange(resolve, {
          domain,
          variable: 'SMTP_FROM_EMAIL',
          loss: 'Bounces are lost, and some receivers refuse a sender that takes no mail.',
        }),
      ),
      ...replyToDomains.map((replies) =>
        ask('Reply-To', () =>
          judgeMailExchange(resolve, {
            domain: replies,
            variable: 'SMTP_REPLY_TO',
            loss: 'Answers to the email are lost.',
          }),
        ),
      ),
    ]);
  }

  return {
    part: 'dns',
    examine: (check) => Promise.all([examineDmarc(check), examineIncoming(check)]),
  };
}

export function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1).toLowerCase();
}

function asking(
  check: Check,
): (name: string, judge: () => Promise<Judgement>) => Promise<Judgement> {
  return (name, judge) => check(name, () => judge().catch(unanswered));
}

function unanswered(err: unknown): Judgement {
  if (!(err instanceof DnsFault)) throw err;
  return failure({
    what: `the DNS does not answer: ${err.message}`,
    why: 'Receivers who get no answer either put the email off or refuse it.',
    remedy:
      "Check this machine's name servers, or name another with --dns-server; then those of the domain.",
  });
}
