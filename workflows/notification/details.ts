import type { StepFailure } from '../core/step-failure';
import type { NotificationStatus } from './messages';
import { oneLine } from '../core/one-line';
import { reasons } from '../core/reasons';

export type Step =
  | 'trying everything once'
  | 'fetching the task'
  | 'resolving the recipient'
  | 'sending the mail'
  | 'recording in the ledger';

const WAITS_FOR: Record<Step, string> = {
  'trying everything once': 'the provider, the database or the relay',
  'fetching the task': 'the provider',
  'resolving the recipient': 'the database',
  'sending the mail': 'the relay',
  'recording in the ledger': 'the database',
};

/**
 * The notification for a person (markdown), shown as the current details of the run. The UI shows four
 * lines without scrolling: what can be done comes first.
 */
export function renderDetails(
  status: NotificationStatus & { resend?: number },
  step?: Step,
  failure?: StepFailure,
): string {
  const { resend, outcome, reason, relayReply, handedOverTo } = status;
  const remedy = failure?.remedy ?? (reason && reasons[reason].remedy);
  const lines = [
    `**${headline(status, step)}**`,
    '',
    ...(step ? [`- ${wait(step, failure)}`] : []),
    ...(remedy ? [`- Remedy: ${remedy}`] : []),
    ...(relayReply ? [`- The relay said: ${codeSpan(relayReply)}`] : []),
    ...(handedOverTo ? [`- The mail is sent by: ${codeSpan(handedOverTo)}`] : []),
    `- ${upload(status)}upload ${outcome}`,
    ...(resend ? [`- Requested: resend ${resend}`] : []),
  ];
  return lines.join('\n');
}

function wait(step: Step, failure?: StepFailure): string {
  if (!failure)
    return `Waits for ${WAITS_FOR[step]}: see the last failure under pending activities`;
  const part = failure.part ? `the ${failure.part}` : WAITS_FOR[step];
  return `Waits for ${part}: ${codeSpan(failure.message)} (later failures: pending activities)`;
}

function upload({ fileName, emailCount }: NotificationStatus): string {
  const file = fileName ? `${codeSpan(fileName)}, ` : '';
  return emailCount === undefined ? file : `${file}${emailCount} addresses, `;
}

function headline({ state, reason, assumed }: NotificationStatus, step?: Step): string {
  switch (state) {
    case 'waiting':
      return step ? `Waiting: ${step}` : 'Waiting';
    case 'sent':
      return assumed
        ? 'Assumed to be sent: the relay gave no reply'
        : 'Sent: the relay accepted the mail';
    case 'parked':
      return `Parked: ${reason}`;
    case 'nothing_to_send':
      return `No mail to send: ${reason}`;
    case 'handed_over':
      return 'Handed over: the provider names the other outcome';
  }
}

/** Hostile text as inert markdown. */
function codeSpan(text: string): string {
  return `\`${oneLine(text)}\``;
}
