import type { NotificationRow } from '../../src/operator/ledger-reader';
import type { NotificationFilter } from '../../src/operator/notification-filter';
import type { NotificationDetail, Search, Shown } from '../../src/operator/search';
import type { Outcome } from '../../workflows/core/outcome';
import { workflowId } from '../../workflows/core/workflow-id';

/** A notification as the ledger lists it. */
export function notificationRow(row: Partial<NotificationRow> = {}): NotificationRow {
  const { taskId = '550e8400-e29b-41d4-a716-446655440000', outcome = 'completed' } = row;
  return {
    ...{ taskId, outcome, eventId: workflowId(taskId, outcome) },
    state: 'sent',
    userId: '7a1f1c1e-3d5b-4c57-9a52-0d9f1d1b7a10',
    fileName: 'customers.csv',
    emailCount: 1_200,
    sentCount: 1,
    createdAt: '2026-03-02T09:30:05.123Z',
    updatedAt: '2026-03-02T09:30:07.000Z',
    ...row,
  };
}

/** The same notification with its history. */
export function notificationDetail(detail: Partial<NotificationDetail> = {}): NotificationDetail {
  const { taskId, outcome, state = 'sent' } = detail;
  return {
    ...notificationRow({ ...(taskId && { taskId }), ...(outcome && { outcome }) }),
    sentCount: state === 'sent' ? 1 : 0,
    sentence: 'The relay accepted the mail.',
    webhookAt: '2026-03-02T09:30:05.000Z',
    startedBy: 'webhook',
    attempts: [],
    resends: [],
    runStatus: 'closed',
    ...detail,
  };
}

export interface KeptNotifications {
  notifications?: NotificationDetail[];
  /** Answers to other queries. */
  shown?: (query: string) => Shown | undefined;
}

/** Finds what it was given; pages have two rows. */
export function createMemorySearch({ notifications = [], shown }: KeptNotifications = {}) {
  const asked: string[] = [];
  const filters: NotificationFilter[] = [];
  const rows = notifications.map((detail) => detail as NotificationRow);
  const search: Search = {
    async list(filter, { cursor }) {
      filters.push(filter);
      const matching = rows.filter((row) => matches(row, filter));
      const start = cursor ? matching.findIndex((row) => cursorOf(row) === cursor) + 1 : 0;
      const page = matching.slice(start, start + 2);
      const isLast = start + 2 >= matching.length;
      return { notifications: page, nextCursor: isLast ? undefined : cursorOf(page[1]!) };
    },
    async count(filter) {
      const matching = rows.filter((row) => matches(row, filter));
      const states = [...new Set(matching.map(({ state, reason }) => `${state}:${reason ?? ''}`))];
      return states.map((key) => {
        const [state, reason] = key.split(':') as [
          NotificationRow['state'],
          NotificationRow['reason'],
        ];
        const count = matching.filter((row) => `${row.state}:${row.reason ?? ''}` === key).length;
        return { state, reason: reason || undefined, count, isCapped: false };
      });
    },
    async countByDay() {
      const day = '2026-03-01';
      const outcomes: Outcome[] = ['completed', 'failed'];
      return outcomes.map((outcome, index) => ({ day, outcome, count: 40 - 30 * index }));
    },
    async show(query) {
      asked.push(query);
      const notification = notifications.find(({ eventId }) => eventId === query);
      if (notification) return { found: 'notification', notification };
      return shown?.(query) ?? { found: 'nothing', sentence: 'Nothing was found.', watches: [] };
    },
  };
  return { search, asked, filters };
}

function matches(row: NotificationRow, filter: NotificationFilter): boolean {
  const { state, reason, outcome, userId, fileName = '' } = filter;
  const wanted = Object.entries({ state, reason, outcome, userId });
  return (
    wanted.every(([name, value]) => value === undefined || row[name as 'state'] === value) &&
    (row.fileName ?? '').includes(fileName)
  );
}

const cursorOf = ({ taskId, outcome, createdAt }: NotificationRow) =>
  `${Date.parse(createdAt)}000.${taskId}.${outcome}`;
