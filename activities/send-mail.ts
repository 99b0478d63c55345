import { activityInfo, cancellationSignal, heartbeat, log } from '@temporalio/activity';
import { transient } from './failures';
import { type MailTemplates, renderMail } from './mail-template';
import { messageId } from './message-id';
import { waitedMs } from './patience';
import { claimDelay, retryDelay } from './retry-delay';
import { consequenceOf } from './send-policy';
import type {
  Claim,
  Claimed,
  Ledger,
  Mail,
  Mailer,
  MailToSend,
  SendMetrics,
  Settlement,
  UncertainPolicy,
  Verdict,
} from './types';

export interface Sender {
  from: { name: string; address: string };
  replyTo: string;
  templates: MailTemplates;
}

export interface SendDependencies {
  mailer: Mailer;
  ledger: Ledger;
  sender: Sender;
  metrics: SendMetrics;
  uncertainPolicy: UncertainPolicy;
  giveUpAfterMs: number;
}

/**
 * How a send ended for good. `duplicate`: another run had sent it. `assumed`: nobody knows, and the
 * policy is to take it for sent. `unrecorded`: what the ledger still has to hear.
 */
export interface SettledSend {
  verdict: 'accepted' | 'assumed' | 'duplicate' | 'refused' | 'uncertain' | 'gave_up';
  reply: string;
  unrecorded?: Settlement;
}

const HEARTBEAT_INTERVAL = 10_000;
/** This worker is shutting down and nothing was submitted: let another one try. */
const HAND_ON_DELAY = 1_000;

export function createSendMail(deps: SendDependencies) {
  const { mailer, ledger, sender, uncertainPolicy } = deps;

  return async function sendMail(mail: MailToSend): Promise<SettledSend> {
    const { workflowId: eventId = '', runId = '' } = activityInfo().workflowExecution ?? {};
    const { copy = 0, userId, fileName, emailCount, to: recipient } = mail;
    const composed = compose(mail, sender);
    const claimed = await claim(ledger, {
      ...{ eventId, copy, userId, fileName, emailCount, recipient, runId },
      messageId: composed.messageId,
      mailDate: composed.date,
      policy: uncertainPolicy,
    });
    if (claimed.claim === 'uncertain') return { verdict: 'uncertain', reply: 'no reply was seen' };
    if (claimed.claim === 'sent') {
      const ours = claimed.assumed ? 'assumed' : 'accepted';
      return { verdict: claimed.runId === runId ? ours : 'duplicate', reply: claimed.reply };
    }
    const { attemptId, mailDate: date } = claimed;
    const verdict = await withHeartbeats(() =>
      mailer.send({ ...composed, date }, cancellationSignal(), () => ledger.submit(attemptId)),
    );
    return conclude(deps, { mail, attemptId, verdict });
  };
}

function claim(ledger: Ledger, attempt: Claim): Promise<Claimed> {
  return ledger.claim(attempt).catch((err: unknown) => {
    const { type, message } = err as { type?: string; message: string };
    throw transient(type ?? 'NotClaimed', message, claimDelay(activityInfo().attempt));
  });
}

function compose(mail: MailToSend, { from, replyTo, templates }: Sender): Mail {
  return {
    ...{ from, replyTo, to: mail.to },
    ...renderMail(templates, mail),
    messageId: messageId(mail, from.address),
    date: new Date(mail.date),
  };
}

/** Settles the attempt in the ledger; then the send is over, or fails so that Temporal retries it. */
async function conclude(
  { ledger, metrics, uncertainPolicy: policy, giveUpAfterMs }: SendDependencies,
  { mail, attemptId, verdict }: { mail: MailToSend; attemptId: string; verdict: Verdict },
): Promise<SettledSend> {
  const delay = delayAfter(verdict);
  const timeIsUp = waitedMs() + delay >= giveUpAfterMs;
  const { retry, state, reason } = consequenceOf(verdict.verdict, { policy, timeIsUp });
  const { verdict: attempt, reply } = verdict;
  const settlement: Settlement = { attemptId, attempt, reply, state, reason };
  const recorded = await ledger.settle(settlement).then(
    () => true,
    () => false,
  );
  report(mail, verdict, metrics);
  if (retry) throw transient(`Send_${attempt}`, describe(verdict), delay);
  const end = reason ?? (attempt === 'ambiguous' ? 'assumed' : 'accepted');
  return { verdict: end, reply, ...(!recorded && { unrecorded: settlement }) };
}

function delayAfter(verdict: Verdict): number {
  if (cancellationSignal().aborted) return HAND_ON_DELAY;
  const { attempt } = activityInfo();
  const configuration = verdict.verdict === 'deferred' && verdict.configuration;
  return retryDelay({ attempt, reply: verdict.reply, configuration });
}

function describe(verdict: Verdict): string {
  return 'step' in verdict ? `${verdict.step}: ${verdict.reply}` : verdict.reply;
}

function report({ taskId, outcome, copy }: MailToSend, verdict: Verdict, metrics: SendMetrics) {
  metrics.countSend(verdict.verdict);
  const facts = { task_id: taskId, outcome, copy, ...verdict };
  if (verdict.verdict === 'accepted') {
    log.info('bulk_upload_notification.email_sent', facts);
  } else if (verdict.verdict === 'deferred' && verdict.configuration) {
    metrics.countConfigurationTrouble('relay');
    log.error('bulk_upload_notification.smtp_configuration_error', facts);
  } else {
    log.warn('bulk_upload_notification.smtp_send_failed', facts);
  }
}

/** So that a dead worker is noticed soon, while a live one waits ten minutes for a reply. */
async function withHeartbeats<T>(body: () => Promise<T>): Promise<T> {
  const beat = setInterval(heartbeat, HEARTBEAT_INTERVAL);
  return body().finally(() => clearInterval(beat));
}
