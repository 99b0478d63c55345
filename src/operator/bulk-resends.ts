import { BULK_RATE_RANGE, isBulkRate } from '../../workflows/core/bulk-request';
import { countSelected, isLeftAlone, selectionsOf } from '../../workflows/core/bulk-selection';
import { bulkIdOf, type BulkSelection, differingFields, withUpperBound } from './bulk-identity';
import type { BulkReports, BulkState, BulkSummary, RecordedBulk } from './bulk-reports';
import type { BulkRun, BulkRuns } from './bulk-runs';
import type { LedgerReader, NotificationRow } from './ledger-reader';
import type { NotificationFilter } from './notification-filter';

const SAMPLE_SIZE = 5;
const REQUEST_ID_MAX_CHARS = 64;

export const DEFAULT_BULK_RATE_PER_SECOND = 5;

export interface BulkOrder extends BulkSelection {
  /** Names one bulk resend: again with the same selection it is the same one, with another none. */
  requestId: string;
  requestedBy?: string;
  reason?: string;
  ratePerSecond: number;
}

export interface BulkStart {
  bulkId: string;
  /** False if it is running or completed. */
  isNew: boolean;
  /** Why nothing was started: the request ID is that of another selection. */
  refusal?: string;
}

/** Each count may have ended at its limit, as that of a preview. */
interface LeftAlone {
  alreadySent: number;
  isAlreadySentCapped: boolean;
  uncertain: number;
  isUncertainCapped: boolean;
}

/** What a bulk resend would do now. */
export interface BulkPreview {
  /** Notifications for which a mail would be requested. */
  count: number;
  /** There may be more: the count, or the search for a part of a file name, ended at its limit. */
  isCapped: boolean;
  /** Notifications that match the filter, but are left alone without `includeSent`. */
  leftAlone: LeftAlone;
  sample: NotificationRow[];
}

export interface BulkStatus extends RecordedBulk {
  /** Of the latest run in Temporal; absent once that is forgotten, or cannot be asked. */
  run?: BulkRun;
  runUrl?: string;
}

export type BulkResends = ReturnType<typeof createBulkResends>;

interface BulkResendsDependencies {
  ledger: Pick<LedgerReader, 'list' | 'count'>;
  bulkReports: BulkReports;
  bulkRuns: BulkRuns;
  /** The page of a run in the Temporal UI. */
  runUrlOf?: (workflowId: string, runId: string) => string;
}

/** Resends many mails by one request. */
export function createBulkResends(deps: BulkResendsDependencies) {
  const { ledger, bulkReports, bulkRuns, runUrlOf } = deps;

  return {
    /** What `start` would do now; sends nothing. */
    async preview(
      filter: NotificationFilter,
      { includeSent }: Pick<BulkSelection, 'includeSent'>,
    ): Promise<BulkPreview> {
      const [counts, sample] = await Promise.all([
        ledger.count(filter),
        takeSample({ filter, includeSent }),
      ]);
      return { ...countSelected(counts, includeSent), sample };
    },

    /**
     * Starts a bulk resend, or continues one that was cancelled or has failed. Only an order without
     * `faultsOfBulk` may start.
     */
    async start(order: BulkOrder): Promise<BulkStart> {
      const bulkId = bulkIdOf(order.requestId);
      const selection = withUpperBound(order, new Date());
      const recorded = await bulkReports.read(bulkId);
      const refusal = recorded && refusalOf(order.requestId, selection, recorded);
      if (refusal) return { bulkId, isNew: false, refusal };
      if (recorded?.state === 'completed') return { bulkId, isNew: false };
      const isNew = await bulkRuns.start(bulkId, { ...order, ...selection });
      if (isNew || recorded) return { bulkId, isNew };
      // One that was started this moment is not recorded yet.
      const running = await bulkRuns.readSelection(bulkId);
      return {
        ...{ bulkId, isNew },
        refusal: running && refusalOf(order.requestId, selection, running),
      };
    },

    /** Undefined: there is none, or it was started this moment and is not recorded yet. */
    async show(bulkId: string): Promise<BulkStatus | undefined> {
      // The run first: one that ends meanwhile has recorded its end by then.
      const run = await bulkRuns.describe(bulkId).catch(() => 'unreachable' as const);
      const bulk = await bulkReports.read(bulkId);
      if (!bulk || run === 'unreachable') return bulk;
      const runUrl = run && runUrlOf?.(bulkId, run.runId);
      return { ...bulk, state: stateOf(bulk, run), ...(run && { run }), ...(runUrl && { runUrl }) };
    },

    items: (...query: Parameters<BulkReports['items']>) => bulkReports.items(...query),

    /** Stops before the next item; false if it is neither running nor cancelled. */
    cancel: (bulkId: string): Promise<boolean> => bulkRuns.cancel(bulkId),

    /** Only a run can say of one that is recorded as running whether it was terminated. */
    async list(): Promise<BulkSummary[]> {
      return Promise.all(
        (await bulkReports.list()).map(async (bulk) => {
          if (bulk.state !== 'running') return bulk;
          const run = await bulkRuns.describe(bulk.bulkId).catch(() => 'unreachable' as const);
          return run === 'unreachable' ? bulk : { ...bulk, state: stateOf(bulk, run) };
        }),
      );
    },
  };

  async function takeSample({ filter, includeSent }: BulkSelection): Promise<NotificationRow[]> {
    const sample = new Map<string, NotificationRow>();
    for (const selection of selectionsOf(filter, includeSent)) {
      if (sample.size >= SAMPLE_SIZE) break;
      const { notifications } = await ledger.list(selection, { limit: SAMPLE_SIZE });
      for (const row of notifications) {
        if (!isLeftAlone(row, includeSent)) sample.set(row.eventId, row);
      }
    }
    return [...sample.values()].slice(0, SAMPLE_SIZE);
  }
}

/** Why a bulk resend is refused, a sentence each; none if it may start. */
export function faultsOfBulk(order: BulkOrder): string[] {
  const { filter, includeSent, requestId, ratePerSecond } = order;
  return [
    ...(Object.values(filter).every((value) => value === undefined)
      ? ['A bulk resend needs at least one filter.']
      : []),
    ...(!includeSent && (filter.state === 'sent' || filter.reason === 'uncertain')
      ? ['What was sent, or may have been, is sent again only if accepted mails are included.']
      : []),
    ...(isBulkRate(ratePerSecond) ? [] : [`The rate must be ${BULK_RATE_RANGE} a second.`]),
    ...(/^[\x21-\x7e]+$/.test(requestId) && requestId.length <= REQUEST_ID_MAX_CHARS
      ? []
      : [`The request ID must be 1 to ${REQUEST_ID_MAX_CHARS} printable characters.`]),
  ];
}

/** Undefined if it is the same selection. */
function refusalOf(
  requestId: string,
  asked: BulkSelection,
  known: BulkSelection,
): string | undefined {
  const fields = differingFields(asked, known);
  if (fields.length === 0) return undefined;
  return `Request ID ${requestId} belongs to a bulk resend that selects otherwise (${fields.join(', ')}): give this one another request ID, or repeat the selection of that one to go on with it.`;
}

/**
 * A run that is about to end is still running: it cannot be started again. One that was terminated,
 * and perhaps forgotten since, could not record its end.
 */
function stateOf({ state }: BulkSummary, run: BulkRun | undefined): BulkState {
  if (run?.status === 'open') return 'running';
  return state === 'running' ? (run?.status ?? 'failed') : state;
}
