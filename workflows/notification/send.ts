import { isCancellation, proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type { Activities } from '../../activities';
import type { FirstTry } from '../../activities/notify-at-once';
import type { Deferral, SettledSend } from '../../activities/send/send-attempt';
import { type StepFailure, stepFailureOf } from '../core/step-failure';
import type { BulkUploadEvent } from '../core/event';
import type { MailToSend } from '../core/deliver';
import type { Outcome } from '../core/outcome';
import { durableSend, sendAtOnce } from './activity-options';
import { oneLine } from '../core/one-line';

/** Temporal takes summaries of 400 bytes; a character has four at most. */
const SUMMARY_NAME_MAX_CHARS = 80;

const local = proxyLocalActivities<Activities>(sendAtOnce);

/**
 * Everything tried once inside the workflow task, which costs no task-queue trip; whatever it does
 * not settle is done durably. The ledger's claim makes it safe to be repeated with the task.
 */
export function notifyAtOnce(
  event: BulkUploadEvent,
  outcome: Outcome,
  date: string,
  recordedRequests: number,
): Promise<FirstTry> {
  return local.notifyAtOnce(event, outcome, date, recordedRequests).catch((err: unknown) => {
    if (isCancellation(err)) throw err;
    return { trouble: stepFailureOf((err as Error).cause ?? err) };
  });
}

/** The same for the mail alone. */
export async function sendAtOnceThenDurably(
  mail: MailToSend,
  showTrouble: (trouble: StepFailure) => void,
): Promise<SettledSend> {
  let deferral: Deferral | undefined;
  try {
    const ended = await local.sendMailAtOnce(mail);
    if ('verdict' in ended) return ended;
    deferral = ended;
    showTrouble(ended);
  } catch (err) {
    if (isCancellation(err)) throw err;
    showTrouble(stepFailureOf((err as Error).cause ?? err));
  }
  return sendDurably(mail, deferral);
}

export function sendDurably(mail: MailToSend, deferral?: Deferral): Promise<SettledSend> {
  const { sendMail } = proxyActivities<Activities>({
    ...durableSend,
    priority: { fairnessKey: mail.userId },
    summary: `${oneLine(mail.fileName, SUMMARY_NAME_MAX_CHARS)}, ${mail.emailCount} addresses`,
  });
  return deferral ? sendMail(mail, deferral) : sendMail(mail);
}
