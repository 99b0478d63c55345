import { mayHaveArrived } from './may-have-arrived';
import type { NotificationDetail } from './shown';

/**
 * The request to resend that fits how a notification stands. `unless_sent`: it waits or is parked, and
 * nothing went out. `plain`: a mail went out before, after which the ledger declines what excepts it.
 * `maybe_twice`: the relay may have the mail. `once_more`: it was sent. `look_again`: none was due.
 */
export type FittingResend = 'unless_sent' | 'plain' | 'maybe_twice' | 'once_more' | 'look_again';

/** Undefined: another notification sends the mail. */
export function fittingResend(notification: NotificationDetail): FittingResend | undefined {
  switch (notification.state) {
    case 'handed_over':
      return undefined;
    case 'sent':
      return 'once_more';
    case 'nothing_to_send':
      return 'look_again';
    case 'waiting':
    case 'sending':
    case 'parked':
      return resendOfUnsent(notification);
  }
}

function resendOfUnsent(notification: NotificationDetail): FittingResend {
  const { state, reason, attempts, sentCount = 0, runStatus = 'open' } = notification;
  const isStranded = state !== 'parked' && runStatus !== 'open';
  if (reason === 'uncertain') return 'maybe_twice';
  if (isStranded && mayHaveArrived(attempts, sentCount)) return 'maybe_twice';
  return sentCount > 0 ? 'plain' : 'unless_sent';
}
