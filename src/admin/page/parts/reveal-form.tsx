import type { NotificationDetail } from '../../../operator/search';
import type { Session } from '../sessions';
import { FormToken } from './form-token';
import { notificationPath } from './notification-path';

interface RevealProps {
  session: Session;
  notification: NotificationDetail;
  isRevealed: boolean;
}

/** Addresses are masked until somebody asks for them, which is logged. */
export function RevealForm({ session, notification, isRevealed }: RevealProps) {
  const path = notificationPath(notification);
  if (isRevealed) {
    return (
      <p>
        Addresses are shown. <a href={path}>Mask them</a>
      </p>
    );
  }
  return (
    <form method="post" action={`${path}/reveal`}>
      <FormToken session={session} />
      <button>Show addresses</button>
      <p class="hint">The log records that they were shown.</p>
    </form>
  );
}
