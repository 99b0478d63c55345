import { setTimeout as delay } from 'node:timers/promises';
import { MEASUREMENT_MAX_MS } from '../measure/measurement-max';
import { residentMegabytes } from '../measure/memory';
import { queryNumber } from '../measure/query-number';
import { until } from '../../sandbox/until';
import type { Row } from './row';

/** Time for garbage collection after a burst. */
const SETTLING_MS = 5_000;

/** Notifications with a failed attempt. */
const DEFERRED = `select count(distinct event_id)::int
  from bulk_notify.attempts where state = 'deferred'`;

/** Memory of the worker while many notifications wait for a relay that is down. */
export const memoryRow: Row = {
  key: 'memory',
  once: true,
  appliesTo: ({ name }) => name === 'ours',
  async measure(stage, { sibling }, { waiting, runs }) {
    const contender = await sibling?.();
    if (!contender) return [];
    await contender.send(await stage.newTasks(runs), { atOnce: 20, until: 'mailed' });
    await delay(SETTLING_MS);
    const idle = residentMegabytes(contender.pids.worker);

    await stage.relay.call('close', undefined);
    const taskIds = await stage.newTasks(waiting);
    const deferred = () => queryNumber(stage.postgres.url, DEFERRED);
    const before = await deferred();
    await contender.send(taskIds, { atOnce: 20, until: 'answered' });
    await until('all wait for the relay', async () => (await deferred()) - before >= waiting, {
      timeoutMs: MEASUREMENT_MAX_MS,
      intervalMs: 1_000,
    });
    await delay(SETTLING_MS);
    const used = residentMegabytes(contender.pids.worker);
    // These runs stay open: their task queue has no other worker.
    await contender.close();
    await stage.relay.call('open', undefined);
    return [
      { name: 'memory MB: worker', value: idle },
      { name: `memory MB: worker, more with ${waiting} waiting`, value: used - idle },
    ];
  },
};
