import { randomUUID } from 'node:crypto';
import type { RecipientAddress } from '../../activities/recipient/recipient-address';
import type { Mailer } from '../../activities/send/mailer';
import { remedyFor } from '../../activities/failures/remedies';
import type { CertificateFacts } from '../clients/smtp/certificate-facts';
import { createRelayProbe, RelayFault, type RelayProbe } from '../clients/smtp/relay-probe';
import type { SmtpConfig } from '../clients/smtp/connection-options';
import type { Check, Examination } from './examine';
import { domainOf } from './dns/sender';
import { failure, type Judgement, ok, skipped, warning } from './finding';

interface RelayQuestions {
  smtp: SmtpConfig;
  from: string;
  /** The recipient to ask the relay about. */
  rcpt?: string;
  /** Sends a real message. */
  sendTo?: { mailer: Mailer; recipient: RecipientAddress };
  stepTimeoutMs?: number;
}

type Step = [check: string, judge: () => Promise<Judgement> | Judgement];

const STEP_TIMEOUT_MS = 6_000;
/** As long as an operator may wait for a message that was asked for. */
const SEND_LIMIT_MS = 60_000;
const DAYS_LEFT_MIN = 14;
const READ_HEADERS =
  'when it has come, its headers say how it was judged (Authentication-Results), from where it came (Received) and who signed it (DKIM-Signature)';
const TEST_TEXT = `This message was asked for by bulk-notify doctor --send-to.

If you can read it, the relay hands emails on. Whether receivers trust them stands in its headers:
Authentication-Results has the verdict of SPF, DKIM and DMARC, Received the addresses of the relay
(SMTP_OUTGOING_ADDRESSES), and DKIM-Signature the selector s= (SMTP_DKIM_SELECTOR).`;
const NO_MAIL = 'No email leaves; notifications wait until it is repaired.';

/** The dialogue of a send, step by step, up to the recipient and without a message. */
export function relayExamination(questions: RelayQuestions): Examination {
  const { smtp, from, sendTo, stepTimeoutMs = STEP_TIMEOUT_MS } = questions;
  return {
    part: 'relay',
    ...(sendTo && { limitMs: SEND_LIMIT_MS }),
    async examine(check, stop) {
      const probe = createRelayProbe(smtp, stepTimeoutMs);
      try {
        await untilFailure(check, stepsOf(probe, questions));
      } finally {
        probe.close();
      }
      if (sendTo) await check('message', () => judgeMessage(sendTo, from, stop));
    },
  };
}

async function untilFailure(check: Check, steps: Step[]): Promise<void> {
  for (const [name, judge] of steps) {
    const { status } = await check(name, () => Promise.resolve(judge()).catch(faulty));
    if (status === 'failure') return;
  }
}

function stepsOf(probe: RelayProbe, { smtp, from, rcpt }: RelayQuestions): Step[] {
  const certificate: Step = ['certificate', async () => judgeCertificate(await probe.secure())];
  const greeting: Step = ['greeting', async () => ok(await probe.greeting())];
  const ehlo: Step = ['EHLO', async () => judgeExtensions(probe, smtp, await probe.ehlo())];
  const again: Step = [
    'EHLO over TLS',
    async () => judgeExtensions(probe, smtp, await probe.ehlo()),
  ];
  const opening = {
    implicit: [certificate, greeting, again],
    starttls: [
      greeting,
      ehlo,
      ['STARTTLS', () => judgeStartTls(probe)] satisfies Step,
      certificate,
      again,
    ],
    none: [greeting, ehlo, ['encryption', () => inClear(probe)] satisfies Step],
  };
  return [
    ['DNS', async () => ok(`${smtp.host} is ${(await probe.resolve()).join(', ')}`)],
    ['connect', async () => ok(await connected(probe, smtp))],
    ...opening[smtp.tls],
    ['AUTH', async () => ok(`logged in by ${await probe.login()}`)],
    ['MAIL FROM', async () => ok(await probe.mailFrom(from))],
    ['RCPT TO', () => judgeRecipient(probe, rcpt)],
    ['RSET', async () => ok(`${await probe.leave()}; nothing was sent`)],
  ];
}

async function connected(probe: RelayProbe, { port }: SmtpConfig): Promise<string> {
  await probe.connect();
  return `port ${port} takes connections`;
}

function judgeExtensions(probe: RelayProbe, { tls }: SmtpConfig, extensions: string[]): Judgement {
  const list = extensions.join(', ') || 'no extension';
  if (tls === 'none' || probe.offers('SMTPUTF8') || probe.offers('STARTTLS')) return ok(list);
  return ok(`${list}; without SMTPUTF8, addresses that need it are refused`);
}

function judgeStartTls(probe: RelayProbe): Judgement {
  if (probe.offers('STARTTLS')) return ok('offered');
  return toJudgement(
    new RelayFault({
      step: 'starttls',
      cause: 'NO_STARTTLS',
      reply: 'the relay offers no STARTTLS',
    }),
  );
}

function inClear(probe: RelayProbe): Judgement {
  return warning({
    what: `none, by SMTP_TLS${probe.offers('STARTTLS') ? '; the relay offers STARTTLS' : ''}`,
    why: 'Password and emails can be read on the way to the relay.',
    remedy: 'Set SMTP_TLS=starttls unless the relay is in your own network and offers no TLS.',
  });
}

function judgeCertificate({ fault, ...facts }: CertificateFacts): Judgement {
  const { names, issuer, validTo, daysLeft, protocol } = facts;
  const until = `until ${validTo.toISOString().slice(0, 10)} (${daysLeft} days)`;
  const text = `${protocol}, for ${names.slice(0, 5).join(', ')}, by ${issuer}, ${until}`;
  if (fault) return failure({ what: `${fault}: ${text}`, why: NO_MAIL, remedy: remedyOf(fault) });
  if (daysLeft >= DAYS_LEFT_MIN) return ok(text);
  return warning({
    what: text,
    why: `It ends in ${daysLeft} days, and no email leaves after that.`,
    remedy: remedyOf('CERT_HAS_EXPIRED'),
  });
}

async function judgeRecipient(probe: RelayProbe, rcpt: string | undefined): Promise<Judgement> {
  if (!rcpt) return skipped('not asked', 'Name a recipient with --rcpt ADDRESS.');
  try {
    return ok(await probe.rcptTo(rcpt));
  } catch (err) {
    const { code = 0 } = err as RelayFault;
    const judgement = faulty(err);
    // Greylisting and a full mailbox pass by; only this recipient is concerned.
    return code >= 400 && code < 500 ? { ...judgement, status: 'warning' } : judgement;
  }
}

/** By the mailer of a worker. */
async function judgeMessage(
  { mailer, recipient }: NonNullable<RelayQuestions['sendTo']>,
  from: string,
  stop: AbortSignal,
): Promise<Judgement> {
  const mail = {
    from: { name: 'bulk-notify doctor', address: from },
    replyTo: from,
    to: recipient.address,
    smtpUtf8: recipient.smtpUtf8,
    subject: 'Test of the mail relay',
    text: TEST_TEXT,
    messageId: `<doctor.${randomUUID()}@${domainOf(from)}>`,
    date: new Date(),
  };
  const result = await mailer.send(mail, stop, () => Promise.resolve());
  const { verdict, reply } = result;
  if (verdict === 'accepted') return ok(`accepted by the relay: ${reply}; ${READ_HEADERS}`);
  const cause = 'cause' in result ? result.cause : undefined;
  return failure({ what: `${verdict}: ${reply}`, why: NO_MAIL, remedy: remedyOf(cause) });
}

function faulty(err: unknown): Judgement {
  if (err instanceof RelayFault) return toJudgement(err);
  throw err;
}

function toJudgement({ message, cause }: RelayFault): Judgement {
  return failure({ what: message, why: NO_MAIL, remedy: remedyOf(cause) });
}

function remedyOf(cause: string | undefined): string {
  return (
    remedyFor('relay', cause) ??
    'Check SMTP_SERVER, SMTP_PORT and the network between, and ask the operator of the relay.'
  );
}
