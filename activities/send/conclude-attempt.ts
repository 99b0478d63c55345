import { log } from '@temporalio/activity';
import type { MailToSend, SettledSend } from '../../workflows/core/deliver';
import { retrySchedule } from '../../workflows/core/retry-schedule';
import { capMessage, type StepFailure } from '../../workflows/core/step-failure';
import { elapsedMs } from '../elapsed';
import { remedyFor } from '../failures/remedies';
import type { AttemptSettlement, ConcludedAttempt, Ledger } from '../ledger';
import type { DeferredSend } from './deferred-send';
import type { Verdict } from './mailer';
import { retryDelay } from './retry-delay';
import { consequenceOf, type UncertainPolicy } from './send-policy';
import { askedAttempt } from './unasked-attempts';

const { handOn } = retrySchedule;

export interface ConcludeDependencies {
  ledger: Pick<Ledger, 'settle'>;
  uncertainPolicy: UncertainPolicy;
  giveUpAfterMs: number;
}

interface EndedAttempt {
  mail: MailToSend;
  attemptId: string;
  /** The relay may have the mail from an earlier attempt. */
  afterAmbiguous?: boolean;
  verdict: Verdict;
  /** The worker shuts down, or the delivery begins anew: the next attempt need not wait. */
  wasStopped: boolean;
}

/** The ledger has another end for the attempt: the next one asks it. */
const CLAIM_LOST: DeferredSend = {
  ...{ type: 'ClaimLost', message: 'another attempt has taken over' },
  delayMs: handOn.delayMs,
};

/** Settles the attempt in the ledger; then the send is over, or deferred. */
export async function concludeAttempt(
  { ledger, uncertainPolicy: policy, giveUpAfterMs }: ConcludeDependencies,
  { mail, attemptId, afterAmbiguous, verdict, wasStopped }: EndedAttempt,
): Promise<SettledSend | DeferredSend> {
  const delayMs = wasStopped ? handOn.delayMs : delayAfter(verdict);
  const timeIsUp = elapsedMs(mail.startedAt) + delayMs >= giveUpAfterMs;
  const circumstances = { policy, timeIsUp, afterAmbiguous };
  const { retry, state, reason } = consequenceOf(verdict.verdict, circumstances);
  const { verdict: attempt, reply, ...details } = verdict;
  const settlement: AttemptSettlement = { attemptId, attempt, reply, details, state, reason };
  const isRecorded = await ledger.settle(settlement).catch(() => undefined);
  if (!isRecorded) reportUnrecorded(mail, verdict);
  if (isRecorded === false) return CLAIM_LOST;
  const unrecorded = isRecorded ? undefined : settlement;
  if (retry) return { ...toStepFailure(verdict), delayMs, unrecorded };
  const end = reason ?? (attempt === 'ambiguous' ? 'assumed' : 'accepted');
  return { verdict: end, reply, unrecorded };
}

/** What the ledger does record is logged, and counted, with the record. */
function reportUnrecorded({ taskId, outcome, resend }: MailToSend, verdict: Verdict): void {
  const facts = { task_id: taskId, outcome, resend, ...verdict };
  log.warn('bulk_upload_notification.verdict_not_recorded', facts);
}

function delayAfter(verdict: Verdict): number {
  const configuration = verdict.verdict === 'deferred' && verdict.configuration;
  return retryDelay({ attempt: askedAttempt(), reply: verdict.reply, configuration });
}

function toStepFailure(verdict: Verdict): StepFailure {
  const said = 'step' in verdict ? `${verdict.step}: ${verdict.reply}` : verdict.reply;
  const remedy = remedyOf(verdict);
  return {
    type: `Send_${verdict.verdict}`,
    message: capMessage(said),
    part: 'relay',
    ...(remedy && { remedy }),
  };
}

export function remedyOf({
  verdict,
  cause,
}: Pick<ConcludedAttempt, 'verdict' | 'cause'>): string | undefined {
  return verdict === 'deferred' ? remedyFor('relay', cause) : undefined;
}
