import { bulkItemResults } from '../../workflows/core/bulk-request';
import type { BulkCounts, BulkItem } from '../../src/operator/bulk-reports';
import type {
  BulkOrder,
  BulkPreview,
  BulkResends,
  BulkStatus,
} from '../../src/operator/bulk-resends';
import { bulkIdOf, differingFields } from '../../src/operator/bulk-identity';
import type { NotificationRow } from '../../src/operator/ledger-reader';

const NONE = Object.fromEntries(
  [...bulkItemResults, 'sent', 'waiting', 'parked'].map((name) => [name, 0]),
) as BulkCounts;

/** So many had a mail accepted, and none may have had one. */
export function leftAlone(
  alreadySent: number,
  change: Partial<BulkPreview['leftAlone']> = {},
): BulkPreview['leftAlone'] {
  const uncertain = { uncertain: 0, isUncertainCapped: false };
  return { alreadySent, isAlreadySentCapped: false, ...uncertain, ...change };
}

/** Bulk resends that only take down what was asked. */
export function createMemoryBulks(sample: NotificationRow[] = []) {
  const started: BulkOrder[] = [];
  const cancelled: string[] = [];
  const items: BulkItem[] = [];
  const statuses = new Map<string, BulkStatus>();
  const bulks: BulkResends = {
    async preview(_filter, { includeSent }) {
      return {
        ...{ count: sample.length, isCapped: false, leftAlone: leftAlone(includeSent ? 0 : 3) },
        sample: sample.slice(0, 5),
      };
    },
    async start(order) {
      const bulkId = bulkIdOf(order.requestId);
      const known = statuses.get(bulkId);
      const isNew = !known;
      const fields = known ? differingFields(order, known) : [];
      if (fields.length > 0) return { bulkId, isNew, refusal: `It differs: ${fields.join(', ')}` };
      if (isNew) started.push(order);
      statuses.set(bulkId, {
        ...{ ages: {}, ...order, bulkId, state: 'running', startedAt: '2026-03-02T11:58:00.000Z' },
        ...{ matched: sample.length, counts: { ...NONE, pending: sample.length } },
      });
      return { bulkId, isNew };
    },
    async show(bulkId) {
      return statuses.get(bulkId);
    },
    async items(_bulkId, { result }) {
      return { items: items.filter((item) => result === undefined || item.result === result) };
    },
    async cancel(bulkId) {
      cancelled.push(bulkId);
      const bulk = statuses.get(bulkId);
      if (bulk) statuses.set(bulkId, { ...bulk, state: 'cancelled' });
      return bulk !== undefined;
    },
    async list() {
      return [...statuses.values()];
    },
  };
  return { bulks, started, cancelled, items, statuses };
}
