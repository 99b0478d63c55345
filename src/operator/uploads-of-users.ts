import { parseWorkflowId } from '../../workflows/core/workflow-id';
import type { DetailDependencies, Details } from './details';
import type { Inquiry } from './inquiry';
import { FOUND_MAX } from './ledger-reader';
import { type ListedRun, RUNS_LISTED_MAX } from './notification-runs';
import type { FoundNotification, WatchDetail } from './shown';

const PAGE_LIMIT = 50;
const USERS_MAX = 5;
const WATCHES_MAX = 5;

/** The notifications of users, the newest first, and their uploads that are watched. */
export interface UploadsOfUsers {
  notifications: FoundNotification[];
  /** Users with more notifications than the newest `PAGE_LIMIT` of each that are listed here. */
  usersWithMore: string[];
  watches: WatchDetail[];
}

interface UploadDependencies extends Pick<DetailDependencies, 'ledger' | 'runs'> {
  inquiry: Inquiry;
  details: Details;
}

export function createUploadsOfUsers({ ledger, runs, inquiry, details }: UploadDependencies) {
  async function ofUser(userId: string): Promise<UploadsOfUsers> {
    const [{ answer: page, wasAsked }, { answer: listed }] = await Promise.all([
      inquiry.ofLedger(ledger.list({ userId }, { limit: PAGE_LIMIT })),
      inquiry.ofTemporal(runs.findByUser(userId)),
    ]);
    const recorded = page?.notifications ?? [];
    const isRecorded = (id: string) => recorded.some(({ eventId }) => eventId === id);
    const latest = firstOfEach(listed?.runs ?? []);
    const others = latest.filter(({ eventId }) => !isRecorded(eventId));
    if (listed?.isCut) {
      inquiry.addMissing(`Runs of user ${userId}: only the ${RUNS_LISTED_MAX} latest were listed`);
    }
    const taskIds = cut(`Watched uploads of user ${userId}`, listed?.watchedTaskIds, WATCHES_MAX);
    const [rows, watches] = await Promise.all([
      Promise.all(others.map((run) => rowOf(run, userId, wasAsked))),
      Promise.all(taskIds.map(details.watchOf)),
    ]);
    return {
      notifications: newestFirst(withoutHandOvers([...recorded, ...rows])).map((row) =>
        hasEndedRun(row, latest) ? { ...row, runEnded: true } : row,
      ),
      usersWithMore: page?.nextCursor === undefined ? [] : [userId],
      watches: watches.filter((watch) => watch !== undefined),
    };
  }

  /** Of a run that is not on the page: the page has the newest only, and the run may have no row. */
  async function rowOf(run: ListedRun, userId: string, isLedgerKnown: boolean) {
    const { answer } = isLedgerKnown ? await inquiry.ofLedger(ledger.read(run.eventId)) : {};
    return answer?.notification ?? toRow(run, userId);
  }

  /** What is left out is said. */
  function cut<T>(what: string, items: T[] = [], max: number): T[] {
    if (items.length > max) {
      inquiry.addMissing(`${what}: only ${max} of ${items.length} are looked up`);
    }
    return items.slice(0, max);
  }

  /** By the users who have the address now, and by the mails that went to it. */
  async function ofAddress(address: string): Promise<UploadsOfUsers & { userIds: string[] }> {
    const [{ answer: users }, { answer: sentTo = [] }] = await Promise.all([
      inquiry.ofLedger(ledger.findUsers(address)),
      inquiry.ofLedger(ledger.findRecipient(address)),
    ]);
    users?.faults.forEach((fault) => inquiry.addMissing(`Addresses of users: ${fault}`));
    const userIds = cut('Users with the address', users?.userIds, USERS_MAX);
    if (sentTo.length === FOUND_MAX) {
      inquiry.addMissing(`Mails to the address: at most the ${FOUND_MAX} newest are shown`);
    }
    const found = await Promise.all(userIds.map(ofUser));
    const notifications = [...found.flatMap((uploads) => uploads.notifications), ...sentTo];
    return {
      notifications: newestFirst(notifications),
      usersWithMore: found.flatMap((uploads) => uploads.usersWithMore),
      watches: found.flatMap((uploads) => uploads.watches),
      userIds,
    };
  }

  return { ofUser, ofAddress };
}

/** A run that has not reached the ledger, as the ledger would have it. */
function toRow({ eventId, startedAt, state }: ListedRun, userId: string): FoundNotification {
  const { taskId, outcome } = parseWorkflowId(eventId) ?? { taskId: '', outcome: 'completed' };
  const times = { createdAt: startedAt, updatedAt: startedAt };
  return { eventId, taskId, outcome, state, userId, sentCount: 0, ...times };
}

function hasEndedRun({ eventId, state }: FoundNotification, latest: ListedRun[]): boolean {
  const run = latest.find((it) => it.eventId === eventId);
  const isWaiting = (it: string) => it === 'waiting' || it === 'sending';
  return run?.status === 'closed' && isWaiting(run.state) && isWaiting(state);
}

/** What was handed over is told by the notification that sends the mail, if there is one. */
function withoutHandOvers(rows: FoundNotification[]): FoundNotification[] {
  return rows.filter(
    ({ state, taskId, eventId }) =>
      state !== 'handed_over' ||
      !rows.some((other) => other.taskId === taskId && other.eventId !== eventId),
  );
}

/** The first of those with the same ID stands. */
function firstOfEach<T extends { eventId: string }>(rows: T[]): T[] {
  return rows.filter(
    ({ eventId }, index) => rows.findIndex((row) => row.eventId === eventId) === index,
  );
}

function newestFirst(rows: FoundNotification[]): FoundNotification[] {
  return firstOfEach(rows).sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1));
}
