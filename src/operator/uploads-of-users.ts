import { parseWorkflowId } from '../../workflows/core/workflow-id';
import type { DetailDependencies, Details } from './details';
import type { Inquiry } from './inquiry';
import type { NotificationRow } from './ledger-reader';
import type { ListedRun } from './notification-runs';
import type { WatchDetail } from './shown';

const PAGE_LIMIT = 50;
const USERS_MAX = 5;
const WATCHES_MAX = 5;

/** The notifications of users, the newest first, and their uploads that are watched. */
export interface UploadsOfUsers {
  notifications: NotificationRow[];
  watches: WatchDetail[];
  nextCursor?: string;
}

interface UploadDependencies extends Pick<DetailDependencies, 'ledger' | 'runs'> {
  inquiry: Inquiry;
  details: Details;
}

export function createUploadsOfUsers({ ledger, runs, inquiry, details }: UploadDependencies) {
  async function ofUser(userId: string): Promise<UploadsOfUsers> {
    const [{ answer: page }, { answer: listed }] = await Promise.all([
      inquiry.ofLedger(ledger.list({ userId }, { limit: PAGE_LIMIT })),
      inquiry.ofTemporal(runs.findByUser(userId)),
    ]);
    const recorded = page?.notifications ?? [];
    const open = listed?.runs.filter(({ status }) => status === 'open') ?? [];
    const taskIds = listed?.watchedTaskIds.slice(0, WATCHES_MAX) ?? [];
    const watches = await Promise.all(taskIds.map(details.watchOf));
    return {
      notifications: newestFirst([...recorded, ...open.map((run) => toRow(run, userId))]),
      watches: watches.filter((watch) => watch !== undefined),
      nextCursor: page?.nextCursor,
    };
  }

  /** By the users who have the address now, and by the mails that went to it. */
  async function ofAddress(address: string): Promise<UploadsOfUsers & { userIds: string[] }> {
    const [{ answer: users }, { answer: sentTo = [] }] = await Promise.all([
      inquiry.ofLedger(ledger.findUsers(address)),
      inquiry.ofLedger(ledger.findRecipient(address)),
    ]);
    users?.faults.forEach((fault) => inquiry.addMissing(`Addresses of users: ${fault}`));
    const userIds = users?.userIds.slice(0, USERS_MAX) ?? [];
    const found = await Promise.all(userIds.map(ofUser));
    const notifications = [...found.flatMap((uploads) => uploads.notifications), ...sentTo];
    const watches = found.flatMap((uploads) => uploads.watches);
    return { notifications: newestFirst(notifications), watches, userIds };
  }

  return { ofUser, ofAddress };
}

/** A run that has not reached the ledger, as the ledger would have it. */
function toRow({ eventId, startedAt }: ListedRun, userId: string): NotificationRow {
  const { taskId, outcome } = parseWorkflowId(eventId) ?? { taskId: '', outcome: 'completed' };
  const times = { createdAt: startedAt, updatedAt: startedAt };
  return { eventId, taskId, outcome, state: 'waiting', userId, sentCount: 0, ...times };
}

/** The first of those with the same ID stands. */
function newestFirst(rows: NotificationRow[]): NotificationRow[] {
  const isFirst = ({ eventId }: NotificationRow, index: number) =>
    rows.findIndex((row) => row.eventId === eventId) === index;
  return rows.filter(isFirst).sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1));
}
