import { activityInfo, log } from '@temporalio/activity';
import { createAlikeRefusals } from './alike-refusals';
import { type MailTemplates, renderMail } from '../mail/mail-template';
import { messageId } from '../mail/message-id';
import { waitedMs } from '../elapsed';
import { remedyFor } from '../failures/remedies';
import { claimDelay, retryDelay } from './retry-delay';
import { consequenceOf } from './send-policy';
import { capMessage, type StepFailure, stepFailureOf } from '../../workflows/core/step-failure';
import type { AttemptSettlement, Claim, Claimed, Ledger } from '../ledger';
import type { Mail } from '../mail/mail';
import type { Mailer, Verdict } from './mailer';
import type { MailToSend } from '../../workflows/core/deliver';
import type { ParkReason } from '../../workflows/core/reasons';
import type { SendMetrics } from '../metrics';
import type { UncertainPolicy } from './send-policy';

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
 * How a send ended for good, by this run or by one before it (a reset, a restart). `assumed`: no
 * reply is known, and the policy is to take it for sent. `superseded`: a request came that this send
 * does not answer. `unrecorded`: what is not in the ledger yet.
 */
export interface SettledSend {
  verdict: 'accepted' | 'assumed' | 'superseded' | ParkReason;
  reply: string;
  unrecorded?: AttemptSettlement;
}

/** Why a send is not over, and how long to wait for its next attempt. */
export interface Deferral extends StepFailure {
  delayMs: number;
}

/** This worker is shutting down and nothing was submitted: let another one try. */
const HAND_ON_DELAY = 1_000;
/** The ledger knows better than this attempt: ask it again. */
const TAKEN_OVER: Deferral = {
  ...{ type: 'ClaimLost', message: 'another attempt has taken over' },
  delayMs: HAND_ON_DELAY,
};

/** One attempt, claimed before the relay is called and settled after: never a second try by itself. */
export function createSendAttempt(deps: SendDependencies) {
  const { mailer, ledger, sender, uncertainPolicy } = deps;
  const alikeRefusals = createAlikeRefusals();

  /** `stop` ends it early, but only while nothing was submitted. */
  return async function attemptSend(
    mail: MailToSend,
    stop: AbortSignal,
  ): Promise<SettledSend | Deferral> {
    const { workflowId: eventId = '', runId = '' } = activityInfo().workflowExecution ?? {};
    const { copy: resend = 0, userId, fileName, emailCount, to: recipient } = mail;
    const { recordedRequests } = mail;
    const composed = compose(mail, sender);
    const claimed = await claim(ledger, {
      ...{ eventId, resend, userId, fileName, emailCount, recipient, runId, recordedRequests },
      messageId: composed.messageId,
      mailDate: composed.date,
      ifLost: consequenceOf('ambiguous', { policy: uncertainPolicy, timeIsUp: false }).state,
    });
    if ('delayMs' in claimed) return claimed;
    if (claimed.status === 'superseded') return { verdict: 'superseded', reply: '' };
    if (claimed.status === 'parked') return { verdict: claimed.reason, reply: claimed.reply };
    if (claimed.status === 'sent') {
      return { verdict: claimed.assumed ? 'assumed' : 'accepted', reply: claimed.reply };
    }
    const { attemptId, mailDate: date } = claimed;
    const ended = await mailer.send({ ...composed, date }, stop, () => ledger.submit(attemptId));
    const verdict = alikeRefusals.judge(recipient, ended);
    return conclude(deps, { mail, attemptId, verdict, stopped: stop.aborted });
  };
}

function claim(ledger: Ledger, attempt: Claim): Promise<Claimed | Deferral> {
  return ledger.claim(attempt).catch((err: unknown) => ({
    ...stepFailureOf(err),
    delayMs: Math.max(claimDelay(activityInfo().attempt), askedDelayMs(err)),
  }));
}

/** A ledger that refuses this worker says when it may be asked again. */
function askedDelayMs(err: unknown): number {
  const { nextRetryDelay } = Object(err) as { nextRetryDelay?: unknown };
  return typeof nextRetryDelay === 'number' ? nextRetryDelay : 0;
}

function compose(mail: MailToSend, { from, replyTo, templates }: Sender): Mail {
  return {
    ...{ from, replyTo, to: mail.to },
    ...renderMail(templates, mail),
    messageId: messageId(mail, from.address),
    date: new Date(mail.date),
  };
}

interface Attempted {
  mail: MailToSend;
  attemptId: string;
  verdict: Verdict;
  stopped: boolean;
}

/** Settles the attempt in the ledger; then the send is over, or put off. */
async function conclude(
  { ledger, metrics, uncertainPolicy: policy, giveUpAfterMs }: SendDependencies,
  { mail, attemptId, verdict, stopped }: Attempted,
): Promise<SettledSend | Deferral> {
  const delayMs = stopped ? HAND_ON_DELAY : delayAfter(verdict);
  const timeIsUp = waitedMs() + delayMs >= giveUpAfterMs;
  const { retry, state, reason } = consequenceOf(verdict.verdict, { policy, timeIsUp });
  const { verdict: attempt, reply } = verdict;
  const settlement: AttemptSettlement = { attemptId, attempt, reply, state, reason };
  const stands = await ledger.settle(settlement).catch(() => undefined);
  report(mail, verdict, metrics);
  if (stands === false) return TAKEN_OVER;
  if (retry) return { ...toTrouble(verdict), delayMs };
  const end = reason ?? (attempt === 'ambiguous' ? 'assumed' : 'accepted');
  return { verdict: end, reply, ...(!stands && { unrecorded: settlement }) };
}

function delayAfter(verdict: Verdict): number {
  const { attempt } = activityInfo();
  const configuration = verdict.verdict === 'deferred' && verdict.configuration;
  return retryDelay({ attempt, reply: verdict.reply, configuration });
}

function toTrouble(verdict: Verdict): StepFailure {
  const said = 'step' in verdict ? `${verdict.step}: ${verdict.reply}` : verdict.reply;
  const remedy = remedyOf(verdict);
  return {
    type: `Send_${verdict.verdict}`,
    message: capMessage(said),
    part: 'relay',
    ...(remedy && { remedy }),
  };
}

function remedyOf(verdict: Verdict): string | undefined {
  return verdict.verdict === 'deferred' ? remedyFor('relay', verdict.cause) : undefined;
}

function report({ taskId, outcome, copy }: MailToSend, verdict: Verdict, metrics: SendMetrics) {
  metrics.countSend(verdict.verdict);
  const facts = { task_id: taskId, outcome, copy, ...verdict, remedy: remedyOf(verdict) };
  if (verdict.verdict === 'accepted') {
    log.info('bulk_upload_notification.email_sent', facts);
  } else if (verdict.verdict === 'deferred' && verdict.configuration) {
    metrics.countConfigurationError('relay');
    log.error('bulk_upload_notification.smtp_configuration_error', facts);
  } else {
    log.warn('bulk_upload_notification.smtp_send_failed', facts);
  }
}
