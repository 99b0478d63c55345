import {
  type SampledParts,
  sampleWaiting,
  type WaitingLedger,
} from '../../src/operator/sample-waiting';

const NOON = new Date('2026-03-01T12:00:00Z');
const MORNING = new Date('2026-03-01T08:00:00Z');
const pollers = [{ taskQueue: 'notifications', type: 'workflow', pollers: 2 } as const];

const fail = () => Promise.reject(new Error('down'));
const hang = () => new Promise<never>(() => {});

const ledger: WaitingLedger = {
  countOpen: async () => [{ state: 'waiting', count: 3 }],
  readOldest: async () => NOON,
  findUnrecorded: async () => new Set(),
};

function parts(change: Partial<SampledParts> = {}): SampledParts {
  return {
    ledger,
    listWaitingRuns: async () => [],
    countPollers: async () => pollers,
    ...change,
  };
}

describe('sampleWaiting', () => {
  it('tells what the ledger and Temporal know', async () => {
    expect(await sampleWaiting(parts())).toEqual({
      ledger: { open: [{ state: 'waiting', count: 3 }], oldest: NOON },
      runs: { unrecorded: 0 },
      pollers,
      answered: { ledger: true, runs: true, task_queues: true },
    });
  });

  it('counts only runs that the ledger lacks, and the oldest of them', async () => {
    const sample = await sampleWaiting(
      parts({
        ledger: { ...ledger, findUnrecorded: async () => new Set(['b', 'c']) },
        listWaitingRuns: async () => [
          { eventId: 'c', startedAt: NOON },
          { eventId: 'b', startedAt: MORNING },
          { eventId: 'a', startedAt: new Date(0) },
        ],
      }),
    );

    expect(sample.runs).toEqual({ unrecorded: 2, oldest: MORNING });
  });

  it.each<[string, () => SampledParts, object]>([
    [
      'the database fails',
      () => parts({ ledger: { ...ledger, countOpen: fail, findUnrecorded: fail } }),
      { ledger: false, runs: false, task_queues: true },
    ],
    [
      'Temporal fails',
      () => parts({ listWaitingRuns: fail, countPollers: fail }),
      { ledger: true, runs: false, task_queues: false },
    ],
    [
      'Temporal does not answer in time',
      () => parts({ listWaitingRuns: hang, countPollers: hang }),
      { ledger: true, runs: false, task_queues: false },
    ],
    ['there is no database', () => parts({ ledger: undefined }), { task_queues: true }],
  ])('has nothing of a source that does not answer: %s', async (_what, create, answered) => {
    const sample = await sampleWaiting(create(), 20);

    expect(sample.answered).toEqual(answered);
    expect([sample.ledger, sample.runs, sample.pollers].map((part) => part !== undefined)).toEqual(
      ['ledger', 'runs', 'task_queues'].map((source) => Boolean(sample.answered[source as 'runs'])),
    );
  });
});
