import type { Attempt, Resend } from '../../operator/ledger-reader';
import type { NotificationDetail } from '../../operator/search';

/** What happened to a notification, or will. Instants are ISO 8601. */
export type TimelineEvent = { at: string } & (
  | { kind: 'started'; by: NonNullable<NotificationDetail['startedBy']> }
  | { kind: 'attempt'; attempt: Attempt; number: number }
  | { kind: 'resend'; resend: Resend }
  | { kind: 'next_attempt'; wait: Wait }
  | { kind: 'gives_up' }
);

export type Wait = NonNullable<NotificationDetail['wait']>;

/** In the order of time: the past from what is known of it, then what comes next. */
export function timelineOf(notification: NotificationDetail): TimelineEvent[] {
  const { webhookAt, startedBy, attempts, resends, wait } = notification;
  const events: TimelineEvent[] = [
    ...(webhookAt && startedBy ? [{ kind: 'started' as const, at: webhookAt, by: startedBy }] : []),
    ...attempts.map((attempt, index) => ({
      ...{ kind: 'attempt' as const, at: attempt.claimedAt, attempt, number: index + 1 },
    })),
    ...resends.map((resend) => ({ kind: 'resend' as const, at: resend.requestedAt, resend })),
    ...(wait?.nextAttemptAt
      ? [{ kind: 'next_attempt' as const, at: wait.nextAttemptAt, wait }]
      : []),
    ...(wait?.giveUpAt ? [{ kind: 'gives_up' as const, at: wait.giveUpAt }] : []),
  ];
  return events.sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
}
