import { parseWorkflowId, workflowId } from '../../workflows/core/workflow-id';
import { createDetails, type DetailDependencies } from './details';
import { inDays } from './in-days';
import { createInquiry, type Inquiry } from './inquiry';
import type { LedgerReader } from './ledger-reader';
import { maskAddress } from './mask-address';
import { parseQuery } from './search-query';
import type { FoundNotification, NotificationDetail, Shown, WatchDetail } from './shown';
import { createUploadsOfUsers, type UploadsOfUsers } from './uploads-of-users';

export type { NotificationDetail, Shown, WatchDetail } from './shown';

export interface Search extends Pick<LedgerReader, 'list' | 'count' | 'countByDay'> {
  /** `query`: a task ID, event ID, user ID or e-mail address. */
  show(query: string): Promise<Shown>;
}

/** Finds notifications in the ledger and in Temporal. */
export function createSearch(deps: DetailDependencies): Search {
  const { ledger } = deps;
  return {
    async show(query) {
      const inquiry = createInquiry();
      const shown = await createLookUp(deps, inquiry).find(query);
      const missing = inquiry.missing();
      return missing.length > 0 ? { ...shown, missing } : shown;
    },
    list: (filter, page) => ledger.list(filter, page),
    count: (filter) => ledger.count(filter),
    countByDay: (days) => ledger.countByDay(days),
  };
}

function createLookUp(deps: DetailDependencies, inquiry: Inquiry) {
  const details = createDetails(deps, inquiry);
  const uploads = createUploadsOfUsers({ ...deps, inquiry, details });

  async function find(text: string): Promise<Shown> {
    const query = parseQuery(text);
    switch (query?.kind) {
      case 'event':
        return showEvent(query.id);
      case 'task':
        return showTask(query.id);
      case 'uuid': {
        const task = await showTask(query.id);
        const isTask = task.found !== 'nothing' || task.watches.length > 0;
        return isTask ? task : showUser(query.id, 'task or user');
      }
      case 'user':
        return showUser(query.id, 'user');
      case 'address':
        return showAddress(query.address);
      default:
        return nothing('This is no task ID, event ID, user ID or e-mail address.');
    }
  }

  async function showEvent(eventId: string): Promise<Shown> {
    const { taskId = '' } = parseWorkflowId(eventId) ?? {};
    const [notification, watch] = await Promise.all([
      details.notificationOf(eventId),
      details.watchOf(taskId),
    ]);
    if (notification) return one(notification, watch);
    return unknown(`task ${taskId} with this outcome`, watch);
  }

  async function showTask(taskId: string): Promise<Shown> {
    const [watch, ...found] = await Promise.all([
      details.watchOf(taskId),
      details.notificationOf(workflowId(taskId, 'completed')),
      details.notificationOf(workflowId(taskId, 'failed')),
    ]);
    const known = found.filter((detail) => detail !== undefined);
    const own = known.filter(({ state }) => state !== 'handed_over');
    const [first, second] = own.length > 0 ? own : known;
    if (!first) return unknown(`task ${taskId}`, watch);
    if (!second) return one(first, watch);
    return {
      found: 'several',
      sentence: `Task ${taskId} has a notification for each outcome: show one by its event ID.`,
      notifications: [first, second].map(toFound),
      usersWithMore: [],
      watches: watch ? [watch] : [],
    };
  }

  async function showUser(userId: string, kind: string): Promise<Shown> {
    const found = await uploads.ofUser(userId);
    return (
      (await showUploads(found, `Uploads of user ${userId}.`)) ??
      unknown(`${kind} ${userId}`, ...found.watches)
    );
  }

  async function showAddress(address: string): Promise<Shown> {
    const masked = maskAddress(address);
    const found = await uploads.ofAddress(address);
    const shown = await showUploads(found, `Uploads of the user of ${masked}, and mails to it.`);
    if (shown) return shown;
    const [userId] = found.userIds;
    if (userId) return unknown(`user ${userId}, who has the address ${masked}`, ...found.watches);
    return nothing(`No user has the address ${masked}, and the ledger names no mail to it.`);
  }

  /** The only one is shown whole; undefined without any. */
  async function showUploads(
    { notifications, usersWithMore, watches }: UploadsOfUsers,
    sentence: string,
  ): Promise<Shown | undefined> {
    const [first] = notifications;
    if (!first) return undefined;
    if (notifications.length > 1 || watches.length > 0) {
      return { found: 'several', sentence, notifications, usersWithMore, watches };
    }
    return showEvent(first.eventId);
  }

  /**
   * What has no row and no run may have had a webhook all the same: a run with nothing to send leaves no
   * row, and Temporal forgets it.
   */
  async function unknown(what: string, ...watches: (WatchDetail | undefined)[]): Promise<Shown> {
    const wasAsked = inquiry.missing().length === 0;
    const retentionMs = wasAsked ? await deps.runs.readRetentionMs() : undefined;
    const span = retentionMs === undefined ? 'in time' : `after ${inDays(retentionMs)}`;
    const sentence = `No webhook is known for ${what}: the ledger has no mail, and Temporal, which forgets closed runs ${span}, has no run.`;
    return nothing(sentence, ...watches);
  }

  function nothing(sentence: string, ...watches: (WatchDetail | undefined)[]): Shown {
    const known = watches.filter((watch) => watch !== undefined);
    const asked = inquiry.missing().length > 0 ? ' as far as could be asked' : '';
    return { found: 'nothing', sentence: sentence.replace(/\.$/, `${asked}.`), watches: known };
  }

  return { find };
}

function one(notification: NotificationDetail, watch?: WatchDetail): Shown {
  return { found: 'notification', notification: { ...notification, ...(watch && { watch }) } };
}

function toFound(detail: NotificationDetail): FoundNotification {
  const { eventId, taskId, outcome, state, reason, userId, fileName, emailCount } = detail;
  const { sentCount = 0, createdAt, updatedAt = createdAt } = detail;
  return {
    ...{ eventId, taskId, outcome, state, reason, userId, fileName, emailCount },
    ...{ sentCount, createdAt, updatedAt },
  };
}
