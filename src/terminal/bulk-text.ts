import type { BulkItem, BulkSummary } from '../operator/bulk-reports';
import type { BulkPreview, BulkStatus } from '../operator/bulk-resends';
import { filterText } from './filter-text';
import { utc, utcWithAge } from './instant';
import { countText, notificationTable } from './notification-table';
import { facts, table } from './table';

/** What a bulk resend would do, with a sample. */
export function bulkPreviewText({ count, isCapped, leftAlone, sample }: BulkPreview): string {
  const { alreadySent, isAlreadySentCapped, uncertain, isUncertainCapped } = leftAlone;
  const sentText = countText(alreadySent, isAlreadySentCapped);
  const uncertainText = countText(uncertain, isUncertainCapped);
  return [
    `${countText(count, isCapped)} would be sent.`,
    ...(alreadySent > 0 ? [`${sentText} were sent before: left alone.`] : []),
    ...(uncertain > 0 ? [`${uncertainText} may have been sent: left alone.`] : []),
    ...(sample.length > 0 ? ['', 'For example:', notificationTable(sample)] : []),
  ].join('\n');
}

export function bulkText(bulk: BulkStatus): string {
  const { matched, isMatchedCapped, finishedAt, run, runUrl } = bulk;
  return facts([
    ['Bulk', bulk.bulkId],
    ['State', bulk.state],
    ['Filter', filterText(bulk.filter, bulk.includeSent)],
    ['Matched', matched === undefined ? undefined : countText(matched, isMatchedCapped)],
    ['Progress', progressText(bulk)],
    ['Rate', `${bulk.ratePerSecond} a second`],
    ['By', bulk.requestedBy],
    ['Why', bulk.reason],
    ['Request ID', bulk.requestId],
    ['Started', utcWithAge(bulk.startedAt)],
    ['Finished', finishedAt && utcWithAge(finishedAt)],
    ['Waits', run?.failure],
    ['Run', runUrl],
  ]);
}

export function bulkTable(bulks: BulkSummary[]): string {
  return table(
    ['started (UTC)', 'state', 'matched', 'by', 'bulk', 'filter'],
    bulks.map((bulk) => [
      utc(bulk.startedAt),
      bulk.state,
      bulk.matched === undefined ? undefined : countText(bulk.matched, bulk.isMatchedCapped),
      bulk.requestedBy,
      bulk.bulkId,
      filterText(bulk.filter, bulk.includeSent),
    ]),
  );
}

export function bulkItemTable(items: BulkItem[]): string {
  return table(
    ['at (UTC)', 'result', 'became of it', 'notification'],
    items.map(({ at, result, becameOf, eventId }) => [utc(at), result, becameOf, eventId]),
  );
}

/** Zeros say nothing. */
function progressText({ counts }: BulkStatus): string {
  const { requested, sent, waiting, parked, ...left } = counts;
  const of = (some: Record<string, number>) =>
    Object.entries(some)
      .filter(([, count]) => count > 0)
      .map(([name, count]) => `${countText(count)} ${name.replaceAll('_', ' ')}`)
      .join(', ');
  const became = of({ sent, waiting, parked });
  const asked =
    requested > 0 ? `${countText(requested)} requested (${became || 'not yet taken'})` : '';
  return [asked, of(left)].filter(Boolean).join(', ') || 'nothing yet';
}
