import type { FilterFields } from '../../../src/operator/notification-filter';
import { writeCursor } from '../../../src/operator/page-cursor';
import { startService } from '../../sandbox/service/service-process';
import { fillLedger, type LedgerSample, sampleLedger } from '../instruments/fill-ledger';
import { openAdminApi, openCommands, openPage } from '../instruments/operator-doors';
import { percentile } from '../measure/stats';
import type { Figure, Row } from './row';

const ADMIN_API_TOKEN = 'bench-admin-token-of-32-letters!';
const WARM_UPS = 3;

/** Of the ledger, and a task whose run Temporal still has. */
interface Sample extends LedgerSample {
  knownTaskId: string;
}

const QUERIES: Record<string, (sample: Sample) => string> = {
  'task ID': ({ taskId }) => taskId,
  'task ID, with its run': ({ knownTaskId }) => knownTaskId,
  'user ID': ({ userId }) => userId,
  address: ({ address }) => address,
};

const FILTERS: Record<string, (sample: Sample) => FilterFields> = {
  'no filter': () => ({}),
  'state=parked': () => ({ state: 'parked' }),
  'reason=refused': () => ({ reason: 'refused' }),
  'outcome=failed': () => ({ outcome: 'failed' }),
  'outcome=completed': () => ({ outcome: 'completed' }),
  user: ({ userId }) => ({ user: userId }),
  'user, outcome=completed': ({ userId }) => ({ user: userId, outcome: 'completed' }),
  'part of one file name': ({ filePart }) => ({ file: filePart }),
  'part of many file names': () => ({ file: 'LEADS' }),
  'user, part of a file name': ({ busyUserId, filePart }) => ({ user: busyUserId, file: filePart }),
  'user, part of a file name, state=parked': ({ busyUserId, filePart }) => ({
    ...{ user: busyUserId, file: filePart, state: 'parked' },
  }),
  'part of a file name, outcome=failed': ({ filePart }) => ({ file: filePart, outcome: 'failed' }),
  'a week': ({ from, to }) => ({ from, to }),
  'a week, state=parked': ({ from, to }) => ({ from, to, state: 'parked' }),
};

/** How long an operator waits for an answer when the ledger holds many notifications. */
export const operatorRow: Row = {
  key: 'operator',
  once: true,
  byName: true,
  appliesTo: ({ name }) => name === 'ours',
  async measure(stage, contender, { runs, ledger }) {
    await fillLedger(stage.postgres.url, ledger);
    const known = await stage.newTasks(Math.ceil(runs / 3));
    await contender.send(known, { atOnce: 10, until: 'mailed' });
    await contender.finished();
    const filled = await sampleLedger(stage.postgres.url, known.length);
    const samples = filled.map((sample, at) => ({ ...sample, knownTaskId: known[at] ?? '' }));

    const environment = stage.environment({ ADMIN_API_TOKEN });
    const api = await startService('api', environment);
    try {
      return await measureDoors(`http://127.0.0.1:${api.adminPort}`, environment, samples);
    } finally {
      await api.stop();
    }
  },
};

async function measureDoors(
  base: string,
  environment: Record<string, string>,
  samples: Sample[],
): Promise<Figure[]> {
  const { take, figures } = createStopwatch(samples);
  const api = openAdminApi(base, ADMIN_API_TOKEN);
  const page = await openPage(base, ADMIN_API_TOKEN);
  for (const [name, door] of Object.entries({ page, api, command: openCommands(environment) })) {
    for (const [by, query] of Object.entries(QUERIES)) {
      await take(`${name}, search by ${by}`, (sample) => door.search(query(sample)));
    }
    await take(`${name}, one notification`, ({ eventId }) => door.show(eventId));
    for (const [by, filter] of Object.entries(FILTERS)) {
      await take(`${name}, list by ${by}`, (sample) => door.list(filter(sample)));
    }
    await take(`${name}, list from the middle`, (sample) => door.list({}, writeCursor(sample)));
  }
  for (const [by, filter] of Object.entries(FILTERS)) {
    await take(`api, counts by ${by}`, (sample) => api.count(filter(sample)));
  }
  await take('api, days of the chart', () => api.countByDay());
  return figures();
}

/** Asks about one sample after the other. */
function createStopwatch(samples: Sample[]) {
  const p99s: number[] = [];
  const taken: Figure[] = [];

  async function take(name: string, ask: (sample: Sample) => Promise<unknown>): Promise<void> {
    for (const sample of samples.slice(0, WARM_UPS)) await ask(sample);
    const tookMs: number[] = [];
    for (const sample of samples) {
      const began = performance.now();
      await ask(sample);
      tookMs.push(performance.now() - began);
    }
    const [p50 = NaN, p99 = NaN] = [50, 99].map((percent) => percentile(tookMs, percent));
    taken.push({ name: `${name}, ms: p50`, value: p50 }, { name: `${name}, ms: p99`, value: p99 });
    p99s.push(p99);
  }

  return {
    take,
    figures: (): Figure[] => [
      ...taken,
      { name: 'operator, ms: slowest p99', value: Math.max(...p99s) },
    ],
  };
}
