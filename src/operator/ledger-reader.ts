import type { Outcome } from '../../workflows/core/outcome';
import type { ParkReason } from '../../workflows/core/reasons';
import type { LedgerState, NotificationFilter } from './notification-filter';

/** A notification as the ledger has it. Instants are ISO 8601. */
export interface NotificationRow {
  eventId: string;
  taskId: string;
  outcome: Outcome;
  state: LedgerState;
  reason?: ParkReason;
  userId?: string;
  fileName?: string;
  emailCount?: number;
  /** Mails that were accepted, or are assumed to have been. */
  sentCount: number;
  createdAt: string;
  updatedAt: string;
}

export interface Attempt {
  id: string;
  /** 0: the notification itself; n: its nth resend. */
  resend: number;
  /** `sending`: it is under way, or its worker is lost. */
  verdict: 'sending' | 'accepted' | 'refused' | 'deferred' | 'ambiguous';
  /** Absent once it is forgotten. */
  recipient?: string;
  messageId: string;
  claimedAt: string;
  /** When the final dot was next: without it the relay has nothing. */
  submittedAt?: string;
  settledAt?: string;
  /** The relay's reply, without addresses. */
  reply?: string;
}

export interface Resend {
  requestId: string;
  /** The mail that it asks for. */
  resend: number;
  requestedBy?: string;
  reason?: string;
  requestedAt: string;
  result: 'sent' | 'waiting' | 'parked';
}

export interface NotificationPage {
  notifications: NotificationRow[];
  /** Absent on the last page. */
  nextCursor?: string;
  /** The search ended here, at its limit: older notifications were not looked at. */
  searchedTo?: string;
}

export interface StateCount {
  state: LedgerState;
  reason?: ParkReason;
  count: number;
  /** There may be more: the count, or the search for a part of a file name, ended at its limit. */
  isCapped: boolean;
  /** How many of them had a mail accepted before; absent if none, and for those in state `sent`. */
  sentBefore?: number;
}

export interface DayCount {
  /** `2026-03-01`, in UTC. */
  day: string;
  outcome: Outcome;
  count: number;
}

export interface RecordedNotification {
  notification: NotificationRow;
  /** The oldest first. */
  attempts: Attempt[];
  resends: Resend[];
}

/** So many notifications are found by a recipient. */
export const FOUND_MAX = 50;

/** Reads the ledger. Every call rejects when the database cannot be asked. */
export interface LedgerReader {
  /** The newest first. Rejects a cursor that `pageCursor` does not admit. */
  list(
    filter: NotificationFilter,
    page: { cursor?: string; limit: number },
  ): Promise<NotificationPage>;
  count(filter: NotificationFilter): Promise<StateCount[]>;
  /** Of the last days with today, the oldest first. Days without a notification are left out. */
  countByDay(days: number): Promise<DayCount[]>;
  read(eventId: string): Promise<RecordedNotification | undefined>;
  findByTask(taskId: string): Promise<NotificationRow[]>;
  /**
   * The IDs of users with this address, in any case, in their profile or account. `faults`: why a
   * table cannot be read.
   */
  findUsers(address: string): Promise<{ userIds: string[]; faults: string[] }>;
  /** Notifications with an attempt to this address, the newest first; `FOUND_MAX` at most. */
  findRecipient(address: string): Promise<NotificationRow[]>;
}
