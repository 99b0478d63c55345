import type { BulkState, RecordedBulk } from '../../src/operator/bulk-reports';
import { bulkIdOf, differingFields, withUpperBound } from '../../src/operator/bulk-identity';
import {
  type BulkOrder,
  type BulkPreview,
  createBulkResends,
  faultsOfBulk,
} from '../../src/operator/bulk-resends';
import type { BulkRun } from '../../src/operator/bulk-runs';
import type { NotificationRow, StateCount } from '../../src/operator/ledger-reader';
import type { NotificationFilter } from '../../src/operator/notification-filter';
import { countByResult, isBulkId } from '../../workflows/core/bulk-request';
import { leftAlone } from '../support/memory-bulks';

const order: BulkOrder = {
  ...{ filter: { state: 'parked' }, requestId: 'OPS-7', includeSent: false, ratePerSecond: 5 },
};

const BULK_ID = bulkIdOf('OPS-7');
const EARLIER = '2026-01-01T00:00:00.000Z';
const EARLIEST = '2025-12-01T00:00:00.000Z';
const FILTER = { state: 'parked' as const };
/** What `order` selected when it was started. */
const RECORDED = { filter: { ...FILTER, createdTo: EARLIER }, ages: { createdTo: '0m' } };

describe('faultsOfBulk', () => {
  it.each<[string, Partial<BulkOrder>, RegExp]>([
    ['no filter', { filter: {} }, /at least one filter/],
    ['a filter without a value', { filter: { userId: undefined } }, /at least one filter/],
    ['what was sent', { filter: { state: 'sent' } }, /only if accepted mails are included/],
    ['what may have been', { filter: { reason: 'uncertain' } }, /only if accepted mails/],
    ['no rate', { ratePerSecond: 0 }, /rate must be from 0.1 to 50 a second/],
    ['a rate that is no number', { ratePerSecond: NaN }, /rate must be from 0.1/],
    ['too low a rate', { ratePerSecond: 0.09 }, /rate must be from 0.1/],
    ['too high a rate', { ratePerSecond: 51 }, /rate must be from 0.1 to 50/],
    ['an empty request ID', { requestId: '' }, /request ID/],
    ['a request ID with a blank', { requestId: 'OPS 7' }, /request ID/],
    ['a long request ID', { requestId: 'x'.repeat(65) }, /request ID/],
  ])('refuses %s', (_what, change, fault) => {
    expect(faultsOfBulk({ ...order, ...change })).toEqual([expect.stringMatching(fault)]);
  });

  it('accepts what was sent when it is included', () => {
    expect(faultsOfBulk(order)).toEqual([]);
    expect(faultsOfBulk({ ...order, filter: { state: 'sent' }, includeSent: true })).toEqual([]);
  });
});

describe('bulkIdOf', () => {
  it('is the same for the same request ID, and another one for another', () => {
    expect(isBulkId(bulkIdOf('OPS-7'))).toBe(true);
    expect(bulkIdOf('OPS-7')).toBe(bulkIdOf('OPS-7'));
    expect(bulkIdOf('OPS-8')).not.toBe(bulkIdOf('OPS-7'));
  });
});

describe('preview', () => {
  const counts: StateCount[] = [
    { state: 'parked', reason: 'refused', count: 7, isCapped: false },
    { state: 'parked', reason: 'uncertain', count: 2, isCapped: false },
    { state: 'parked', reason: 'gave_up', count: 5, isCapped: false, sentBefore: 4 },
    { state: 'waiting', count: 10_000, isCapped: true },
    { state: 'sent', count: 30, isCapped: false },
  ];

  it('counts what would be requested, and what is left alone', async () => {
    const { bulks, listed } = createStage({ counts, parked: ['uncertain', 'refused', 'gave_up'] });

    const preview = await bulks.preview({ userId: 'u' }, { includeSent: false });

    expect(preview).toMatchObject({
      ...{ count: 10_008, isCapped: true, leftAlone: { alreadySent: 34, uncertain: 2 } },
      sample: [{ reason: 'refused' }, { reason: 'gave_up' }],
    });
    const states = listed.map(({ state }) => state);
    expect(states).toEqual(['parked', 'waiting', 'sending', 'parked']);
    expect(preview.sample).toHaveLength(2);
  });

  it.each<[string, StateCount[], Omit<BulkPreview, 'sample'>]>([
    [
      'those that were sent',
      [
        { state: 'parked', reason: 'refused', count: 7, isCapped: false },
        { state: 'sent', count: 10_000, isCapped: true },
      ],
      { count: 7, isCapped: false, leftAlone: leftAlone(10_000, { isAlreadySentCapped: true }) },
    ],
    [
      'those that may have been',
      [{ state: 'parked', reason: 'uncertain', count: 10_000, isCapped: true, sentBefore: 1 }],
      {
        ...{ count: 0, isCapped: false },
        leftAlone: leftAlone(1, {
          ...{ isAlreadySentCapped: true, uncertain: 9_999, isUncertainCapped: true },
        }),
      },
    ],
    [
      'those that wait, of which some were sent before',
      [{ state: 'waiting', count: 10_000, isCapped: true, sentBefore: 4 }],
      { count: 9_996, isCapped: true, leftAlone: leftAlone(4, { isAlreadySentCapped: true }) },
    ],
  ])('says of what a count ended at its limit: %s', async (_what, limited, expected) => {
    const { bulks } = createStage({ counts: limited });

    expect(await bulks.preview({ userId: 'u' }, { includeSent: false })).toEqual({
      ...expected,
      sample: [],
    });
  });

  it('shows nothing in the sample that had a mail accepted before', async () => {
    const { bulks } = createStage({ counts, parked: ['gave_up'], sentCount: 1 });

    expect((await bulks.preview({ userId: 'u' }, { includeSent: false })).sample).toEqual([]);
    expect((await bulks.preview({ userId: 'u' }, { includeSent: true })).sample).toHaveLength(1);
  });

  it('counts all of it when accepted mails are included', async () => {
    const { bulks, listed } = createStage({ counts, parked: ['uncertain'] });

    const preview = await bulks.preview({ userId: 'u' }, { includeSent: true });

    expect(preview).toMatchObject({
      ...{ count: 10_044, isCapped: true, leftAlone: leftAlone(0) },
      sample: [{ reason: 'uncertain' }],
    });
    expect(listed).toEqual([{ userId: 'u' }]);
  });
});

describe('start', () => {
  it('sets an upper bound of time, or keeps an earlier one', async () => {
    const { bulks, started } = createStage();
    const before = new Date().toISOString();

    await bulks.start(order);
    await bulks.start({ ...order, filter: { createdTo: EARLIER } });
    await bulks.start({ ...order, filter: { createdTo: '2999-01-01T00:00:00.000Z' } });

    const bounds = started.map(({ filter }) => filter.createdTo ?? '');
    expect(bounds[1]).toBe(EARLIER);
    for (const bound of [bounds[0], bounds[2]]) {
      expect(bound! >= before && bound! <= new Date().toISOString()).toBe(true);
    }
  });

  it('does not start what the ledger has as completed, however long ago that was', async () => {
    const { bulks, started } = createStage({ recorded: 'completed', isOpen: true });

    expect(await bulks.start(order)).toEqual({ bulkId: BULK_ID, isNew: false });
    expect(started).toEqual([]);
  });

  it('goes on with one that was stopped, for the same ages though their instants are others', async () => {
    const { bulks, started } = createStage({
      recorded: 'cancelled',
      selection: {
        filter: { state: 'parked', createdFrom: '2026-11-25T08:00:00.000Z', createdTo: EARLIER },
        ages: { createdFrom: '24h', createdTo: '0m' },
      },
    });
    const filter = { state: 'parked' as const, createdFrom: '2026-11-25T09:00:00.000Z' };

    const start = await bulks.start({ ...order, filter, ages: { createdFrom: '24h' } });

    expect(start).toEqual({ bulkId: BULK_ID, isNew: true });
    expect(started).toHaveLength(1);
  });

  it('takes an end to come for the same once it has passed, and for another than none', () => {
    const ordered = { filter: { createdTo: '2026-06-01T12:00:00.000Z' }, includeSent: false };
    const first = withUpperBound(ordered, new Date('2026-06-01T11:00:00.000Z'));
    const later = withUpperBound(ordered, new Date('2026-06-01T13:00:00.000Z'));
    const withoutEnd = withUpperBound({ ...ordered, filter: {} }, new Date());

    expect(first.filter.createdTo).toBe('2026-06-01T11:00:00.000Z');
    expect(differingFields(later, first)).toEqual([]);
    expect(differingFields(withoutEnd, first)).toEqual(['to']);
  });

  it('goes on with one that was stopped, for the instants that its dry run named', async () => {
    const filter = { state: 'parked' as const, createdFrom: EARLIER, createdTo: EARLIER };
    const { bulks } = createStage({ recorded: 'failed', selection: { filter, ages: {} } });

    expect(await bulks.start({ ...order, filter })).toMatchObject({ isNew: true });
  });

  it.each<[what: string, state: BulkState, change: Partial<BulkOrder>, fields: string]>([
    ['a narrower range', 'cancelled', { filter: { ...FILTER, createdFrom: EARLIER } }, 'from'],
    ['an earlier end', 'failed', { filter: { ...FILTER, createdTo: EARLIEST } }, 'to'],
    [
      'another age',
      'cancelled',
      { filter: { ...FILTER, createdFrom: EARLIER }, ages: { createdFrom: '7d' } },
      'from',
    ],
    ['another filter', 'running', { filter: { state: 'waiting', userId: 'u' } }, 'state, user'],
    [
      'accepted mails included',
      'completed',
      { includeSent: true },
      'whether accepted mails are included',
    ],
  ])('refuses a request ID that is taken: %s (%s)', async (_what, recorded, change, fields) => {
    const { bulks, started } = createStage({ recorded });

    const start = await bulks.start({ ...order, ...change });

    const refusal = `Request ID OPS-7 belongs to a bulk resend that selects otherwise (${fields}): give this one another request ID, or repeat the selection of that one to go on with it.`;
    expect(start).toEqual({ bulkId: BULK_ID, isNew: false, refusal });
    expect(started).toEqual([]);
  });

  it('refuses it as well while the one that has it is not recorded yet', async () => {
    const { bulks } = createStage({ isOpen: true, selection: RECORDED });

    expect(await bulks.start(order)).toEqual({ bulkId: BULK_ID, isNew: false });
    expect(await bulks.start({ ...order, includeSent: true })).toMatchObject({
      refusal: expect.stringContaining('(whether accepted mails are included)'),
    });
  });
});

describe('show', () => {
  it.each<[BulkState, BulkRun['status'] | 'forgotten' | 'unreachable', BulkState]>([
    ['running', 'open', 'running'],
    ['running', 'unreachable', 'running'],
    ['running', 'failed', 'failed'],
    ['running', 'cancelled', 'cancelled'],
    ['running', 'forgotten', 'failed'],
    ['completed', 'forgotten', 'completed'],
    ['cancelled', 'open', 'running'],
    ['cancelled', 'cancelled', 'cancelled'],
  ])('of one that the ledger has as %s, whose run is %s, says %s', async (recorded, run, state) => {
    const { bulks } = createStage({ recorded, run });

    expect((await bulks.show(BULK_ID))?.state).toBe(state);
  });

  it('of an unknown one, is nothing', async () => {
    expect(await createStage().bulks.show(BULK_ID)).toBeUndefined();
  });
});

describe('list', () => {
  it('says of one that was terminated that it has failed', async () => {
    const { bulks } = createStage({ recorded: 'running', run: 'failed' });

    expect(await bulks.list()).toMatchObject([{ state: 'failed' }]);
  });
});

interface Stage {
  counts?: StateCount[];
  /** Reasons of those that are parked, the newest first. */
  parked?: NotificationRow['reason'][];
  /** Of each of them. */
  sentCount?: number;
  recorded?: BulkState;
  /** Of the one that has the request ID. */
  selection?: Pick<RecordedBulk, 'filter' | 'ages'>;
  /** Whether Temporal has a run that is open or completed. */
  isOpen?: boolean;
  run?: BulkRun['status'] | 'forgotten' | 'unreachable';
}

function createStage(stage: Stage = {}) {
  const { counts = [], parked = [], sentCount = 0, recorded, run = 'forgotten' } = stage;
  const selection = { ...(stage.selection ?? RECORDED), includeSent: false };
  const listed: NotificationFilter[] = [];
  const started: { filter: NotificationFilter }[] = [];
  const counted = { state: recorded, counts: countByResult([]) };
  const bulk = recorded && ({ ...selection, ...counted } as RecordedBulk);
  const bulks = createBulkResends({
    ledger: {
      count: () => Promise.resolve(counts),
      list(filter) {
        listed.push(filter);
        const isParked = (filter.state ?? 'parked') === 'parked';
        const rows = (isParked ? parked : []).map((reason) => ({
          ...{ eventId: reason, state: 'parked', reason, sentCount },
        }));
        return Promise.resolve({ notifications: rows as NotificationRow[] });
      },
    },
    bulkReports: {
      read: () => Promise.resolve(bulk),
      items: () => Promise.resolve({ items: [] }),
      list: () => Promise.resolve(bulk ? [bulk] : []),
    },
    bulkRuns: {
      start(_bulkId, request) {
        if (!stage.isOpen) started.push(request);
        return Promise.resolve(!stage.isOpen);
      },
      readSelection: () => Promise.resolve(selection),
      describe() {
        if (run === 'unreachable') return Promise.reject(new Error('no answer'));
        return Promise.resolve(run === 'forgotten' ? undefined : { status: run, runId: 'r' });
      },
      cancel: () => Promise.resolve(false),
    },
  });
  return { bulks, listed, started };
}
