import type { UploadWatchResult } from '../../activities/upload-watch/check-upload';
import { oneLine } from '../core/one-line';
import type { WatchedUpload } from './messages';

/** What a watch waits for; times in milliseconds since the epoch. */
export type WatchState =
  | { waitsFor: 'webhook'; until: number }
  | { waitsFor: 'provider'; until: number }
  | { result: UploadWatchResult };

/** How a watch ended, in a person's words. */
export const watchResults: Record<UploadWatchResult, string> = {
  notified: 'The notification is in the ledger',
  already_started: 'The workflow of the notification was there',
  webhook_lost: 'The webhook was lost: this watch started the notification',
  webhook_elsewhere: 'The webhook goes elsewhere: this watch started the notification',
  task_unknown: 'Given up: the provider did not know the task for a day',
  gave_up: 'Given up: the upload was not final in time (WATCH_GIVE_UP)',
};

/** The watch in a person's words (markdown), shown as the current details of its workflow. */
export function describeWatch(state: WatchState, { fileName, emailCount }: WatchedUpload): string {
  const file = fileName === undefined ? [] : [`\`${oneLine(fileName)}\``];
  const addresses = emailCount === undefined ? [] : [`${emailCount} addresses`];
  const upload = [...file, ...addresses].join(', ');
  return [...linesOf(state), ...(upload ? [`- Upload: ${upload}`] : [])].join('\n');
}

function linesOf(state: WatchState): string[] {
  if ('result' in state) return [`**${watchResults[state.result]}**`, ''];
  if (state.waitsFor === 'webhook') {
    return [
      '**Waiting for the webhook of the upload**',
      '',
      `- Until ${utc(state.until)}; then the ledger is asked, and the provider if it has nothing`,
      '- The signal `checkNow` asks now',
    ];
  }
  return [
    '**The webhook is overdue: asking the provider**',
    '',
    `- Until the upload is final, or until ${utc(state.until)}`,
    '- The last answer and the time of the next question: pending activities',
    '- The signal `checkNow` asks now',
  ];
}

function utc(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
