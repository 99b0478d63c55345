import type { StateCount } from '../operator/ledger-reader';
import type { FoundNotification } from '../operator/shown';
import { utc } from './instant';
import { table } from './table';

/** The file's name comes last, because terminals differ in how wide they show it. */
export function notificationTable(notifications: FoundNotification[]): string {
  return table(
    ['created (UTC)', 'state', 'upload', 'addresses', 'task', 'user', 'file'],
    notifications.map(({ createdAt, state, reason, outcome, emailCount, taskId, ...row }) => [
      utc(createdAt),
      stateText(state, row.runEnded ? 'run ended' : reason),
      outcome,
      emailCount?.toString(),
      taskId,
      row.userId,
      row.fileName,
    ]),
  );
}

/** `parked (refused) 3, sent 10,000+`. */
export function countsText(counts: StateCount[]): string {
  return counts
    .map(
      ({ state, reason, count, isCapped }) =>
        `${stateText(state, reason)} ${countText(count, isCapped)}`,
    )
    .join(', ');
}

export function countText(count: number, isCapped = false): string {
  return `${count.toLocaleString('en')}${isCapped ? '+' : ''}`;
}

function stateText(state: string, reason?: string): string {
  return reason ? `${state} (${reason})` : state;
}
