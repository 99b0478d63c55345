import type { Outcome } from '../../workflows/core/outcome';
import type { Reason } from '../../workflows/core/reasons';
import type { NotificationState } from '../../workflows/notification/messages';
import type { Attempt, NotificationRow, Resend } from './ledger-reader';
import type { LedgerState } from './notification-filter';

/** One notification, as the ledger and Temporal know it together. Instants are ISO 8601. */
export interface NotificationDetail extends Partial<Omit<NotificationRow, 'state' | 'reason'>> {
  eventId: string;
  taskId: string;
  outcome: Outcome;
  /** When it was first recorded, or its run started that the ledger does not have. */
  createdAt: string;
  state: LedgerState | NotificationState;
  reason?: Reason;
  /** What is the case now, and what will happen next. */
  sentence: string;
  /** What a person can do. */
  remedy?: string;
  /** When the webhook came that started the run. */
  webhookAt?: string;
  startedBy?: 'webhook' | 'watch' | 'resend' | 'hand_over';
  attempts: Attempt[];
  resends: Resend[];
  wait?: {
    for: string;
    failure?: string;
    attempt?: number;
    nextAttemptAt?: string;
    giveUpAt?: string;
  };
  /** The event ID of the notification that sends the mail instead. */
  handedOverTo?: string;
  /** Until then Temporal's own tools can resend; `bulk-notify resend` always can. */
  resendableUntil?: string;
  runUrl?: string;
  runStatus?: 'open' | 'closed' | 'forgotten';
  /** Of the upload, if it is or was watched. */
  watch?: WatchDetail;
}

/** As the ledger has it, or as its run shows it. */
export interface FoundNotification
  extends Omit<NotificationRow, 'state' | 'reason'>, Pick<NotificationDetail, 'state' | 'reason'> {
  /** It waits, and nothing will happen: its run was terminated or has failed. */
  runEnded?: boolean;
}

/** An upload whose webhook was awaited. */
export interface WatchDetail {
  taskId: string;
  userId?: string;
  status: 'open' | 'closed';
  startedAt: string;
  sentence: string;
  runUrl?: string;
}

interface Answer {
  /** What could not be asked, and why: the rest of the answer is without it. */
  missing?: string[];
}

export type Shown = Answer &
  (
    | { found: 'notification'; notification: NotificationDetail }
    | {
        found: 'several';
        sentence: string;
        notifications: FoundNotification[];
        /** Users who have more: the list of a user has all that the ledger knows. */
        usersWithMore: string[];
        watches: WatchDetail[];
      }
    | { found: 'nothing'; sentence: string; watches: WatchDetail[] }
  );
