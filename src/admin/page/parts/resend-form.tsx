import { randomUUID } from 'node:crypto';
import { type FittingResend, fittingResend } from '../../../operator/fitting-resend';
import type { NotificationDetail } from '../../../operator/search';
import { NAME_MAX_CHARS, REASON_MAX_CHARS } from '../read-who-and-why';
import type { Session } from '../sessions';
import { FormToken } from './form-token';
import { notificationPath } from './notification-path';

interface ResendProps {
  session: Session;
  notification: NotificationDetail;
}

type OfferedResend = Exclude<FittingResend, 'look_again'>;

const SUMMARIES: Record<OfferedResend, string> = {
  unless_sent: 'Resend',
  plain: 'Resend',
  maybe_twice: 'Resend, maybe for the second time',
  once_more: 'Send it once more',
};

/** The one action that fits the state. The request ID makes a form that is sent twice one request. */
export function ResendForm({ session, notification }: ResendProps) {
  const fitting = fittingResend(notification);
  if (!fitting || fitting === 'look_again') return null;
  return (
    <details class="resend" open={notification.state === 'parked'}>
      <summary>{SUMMARIES[fitting]} …</summary>
      <form class="fields" method="post" action={`${notificationPath(notification)}/resend`}>
        <FormToken session={session} />
        <input type="hidden" name="request_id" value={randomUUID()} />
        <WhoAndWhy />
        {fitting === 'unless_sent' ? (
          <UnlessSent />
        ) : (
          <input type="hidden" name="unless_sent" value="no" />
        )}
        <div>
          <button class="primary">{fitting === 'once_more' ? 'Send once more' : 'Resend'}</button>
        </div>
      </form>
    </details>
  );
}

export function WhoAndWhy() {
  return (
    <>
      <p>
        <label for="requested_by">Your name</label>
        <input
          id="requested_by"
          name="requested_by"
          maxLength={NAME_MAX_CHARS}
          autocomplete="name"
        />
      </p>
      <p>
        <label for="why">Reason</label>
        <input
          id="why"
          name="why"
          required
          maxLength={REASON_MAX_CHARS}
          placeholder="for example a ticket number"
          autocomplete="off"
        />
      </p>
    </>
  );
}

function UnlessSent() {
  return (
    <fieldset>
      <legend>If it has been sent by the time the request arrives</legend>
      <div class="check">
        <input type="radio" id="unless_sent" name="unless_sent" value="yes" checked />
        <label for="unless_sent">do nothing: nobody gets a mail twice</label>
      </div>
      <div class="check">
        <input type="radio" id="even_if_sent" name="unless_sent" value="no" />
        <label for="even_if_sent">send it once more</label>
      </div>
    </fieldset>
  );
}
