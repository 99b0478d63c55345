import type { Attempt, Resend } from '../operator/ledger-reader';
import type { NotificationDetail, Shown, WatchDetail } from '../operator/search';
import { utc, utcWithAge } from './instant';
import { notificationTable } from './notification-table';
import { facts, table } from './table';
import { visible } from './visible';

const STARTED_BY: Record<NonNullable<NotificationDetail['startedBy']>, string> = {
  webhook: 'webhook',
  watch: 'the watch of the upload: its webhook did not come',
  resend: 'a resend',
  hand_over: 'the run of the other outcome',
};

const VERDICTS: Record<Attempt['verdict'], string> = {
  sending: 'under way',
  accepted: 'handed to the relay',
  refused: 'refused',
  deferred: 'deferred',
  ambiguous: 'no reply after the message',
};

/** The answer to a question for a notification, an upload, a user or an address. */
export function shownText(shown: Shown): string {
  const sections =
    shown.found === 'notification'
      ? [notificationText(shown.notification)]
      : [
          visible(shown.sentence),
          shown.found === 'several' ? notificationTable(shown.notifications) : '',
          ...shown.watches.map(watchText),
        ];
  return [...sections, ...(shown.missing ?? []).map(visible)].filter(Boolean).join('\n\n');
}

function notificationText(notification: NotificationDetail): string {
  const { sentence, remedy, attempts, resends } = notification;
  return [
    [visible(sentence), ...(remedy ? [`Remedy: ${visible(remedy)}`] : [])].join('\n'),
    factsText(notification),
    attempts.length > 0 ? `Attempts (UTC)\n${indent(attemptTable(attempts))}` : '',
    resends.length > 0 ? `Resend requests (UTC)\n${indent(resendTable(resends))}` : '',
  ]
    .filter(Boolean)
    .join('\n\n');
}

function factsText(notification: NotificationDetail): string {
  const { wait, watch, startedBy, resendableUntil } = notification;
  const times = Object.entries({
    Received: notification.webhookAt,
    Created: notification.webhookAt ? undefined : notification.createdAt,
    'Next attempt': wait?.nextAttemptAt,
    'Gives up': wait?.giveUpAt,
  }).map(([name, at]): [string, string | undefined] => [name, at && utcWithAge(at)]);
  return facts([
    ['File', notification.fileName],
    ['Addresses', notification.emailCount],
    ['Upload', notification.outcome],
    ['User', notification.userId],
    ...times,
    ['Started by', startedBy && STARTED_BY[startedBy]],
    ['Waits for', wait && waitText(wait)],
    ['Sent by', notification.handedOverTo],
    ['Watch', watch?.sentence],
    ['Run', runText(notification)],
    ['Resend in the UI', resendableUntil && `until ${utcWithAge(resendableUntil)}`],
    ['Event', notification.eventId],
  ]);
}

function waitText({ for: part, failure, attempt }: NonNullable<NotificationDetail['wait']>) {
  const failed = failure ? `: ${failure}` : '';
  return `${part}${failed}${attempt ? ` (attempt ${attempt})` : ''}`;
}

function runText({ runUrl, runStatus }: NotificationDetail): string | undefined {
  if (runStatus === 'forgotten') return 'forgotten by Temporal after its retention';
  return runUrl && runStatus ? `${runUrl} (${runStatus})` : (runUrl ?? runStatus);
}

function attemptTable(attempts: Attempt[]): string {
  return table(
    ['when', 'resend', 'verdict', 'recipient', "relay's reply"],
    attempts.map(({ settledAt, claimedAt, resend, verdict, recipient, reply }) => [
      utc(settledAt ?? claimedAt),
      resend > 0 ? String(resend) : undefined,
      VERDICTS[verdict],
      recipient,
      reply,
    ]),
  );
}

function resendTable(resends: Resend[]): string {
  return table(
    ['when', 'by', 'why', 'result', 'request ID'],
    resends.map(({ requestedAt, requestedBy, reason, result, requestId }) => [
      utc(requestedAt),
      requestedBy,
      reason,
      result,
      requestId,
    ]),
  );
}

function watchText({ taskId, userId, startedAt, sentence, runUrl }: WatchDetail): string {
  return `${visible(sentence)}\n${facts([
    ['Task', taskId],
    ['User', userId],
    ['Uploaded', utcWithAge(startedAt)],
    ['Run', runUrl],
  ])}`;
}

const indent = (text: string) => text.replace(/^/gm, '  ');
