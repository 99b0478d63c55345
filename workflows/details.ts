import type { NotificationStatus } from './messages';
import { reasons } from './reasons';

export type Step = 'fetching the task' | 'resolving the recipient' | 'sending the mail';

const WAITS_FOR: Record<Step, string> = {
  'fetching the task': 'the provider',
  'resolving the recipient': 'the database',
  'sending the mail': 'the relay',
};

/** The notification in a person's words (markdown), shown as the run's current details. */
export function describe(status: NotificationStatus & { copy?: number }, step?: Step): string {
  const { copy, fileName, emailCount, outcome, reason, relayReply, handedOverTo } = status;
  const remedy = reason && reasons[reason].remedy;
  const lines = [
    `**${headline(status, step)}**`,
    '',
    ...(fileName ? [`- File: ${codeSpan(fileName)}`] : []),
    ...(emailCount === undefined ? [] : [`- Addresses: ${emailCount}`]),
    `- Outcome of the upload: ${outcome}`,
    ...(copy ? [`- Asked for: copy ${copy} after the first mail`] : []),
    ...(relayReply ? [`- The relay said: ${codeSpan(relayReply)}`] : []),
    ...(handedOverTo ? [`- The mail is owed by: ${codeSpan(handedOverTo)}`] : []),
    ...(remedy ? [`- Remedy: ${remedy}`] : []),
    ...(step
      ? [
          `- Waits for ${WAITS_FOR[step]}. The last failure and the next attempt: pending activities`,
        ]
      : []),
  ];
  return lines.join('\n');
}

function headline({ state, reason }: NotificationStatus, step?: Step): string {
  switch (state) {
    case 'waiting':
      return step ? `Waiting: ${step}` : 'Waiting';
    case 'sent':
      return 'Sent: the relay accepted the mail';
    case 'parked':
      return `Parked: ${reason}`;
    case 'nothing_owed':
      return `No mail is owed: ${reason}`;
    case 'handed_over':
      return 'Handed over: the provider names the other outcome';
  }
}

/** Hostile text as inert markdown on one line. */
function codeSpan(text: string): string {
  const line = text.replace(/[\p{C}\s`]+/gu, ' ').trim();
  return `\`${[...line].slice(0, 200).join('')}\``;
}
