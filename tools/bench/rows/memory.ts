import { setTimeout as delay } from 'node:timers/promises';
import { residentMegabytes } from '../measure/memory';
import { queryNumber } from '../measure/query-number';
import { until } from '../until';
import type { Row } from './row';

/** Milliseconds until what a burst has left behind is collected. */
const SETTLING = 5_000;

/** Notifications that have had an attempt that failed. */
const DEFERRED = `select count(distinct event_id)::int
  from bulk_upload_notification_attempts where state = 'deferred'`;

/** What the worker holds while very many notifications wait for a relay that is down. */
export const memoryRow: Row = {
  key: 'memory',
  once: true,
  appliesTo: ({ name }) => name === 'ours',
  async measure(stage, { service }, { waiting, runs }) {
    const column = await service?.sibling();
    if (!column) return [];
    await column.send(await stage.newTasks(runs), { atOnce: 20, until: 'mailed' });
    await delay(SETTLING);
    const idle = residentMegabytes(column.pids.worker);

    await stage.relay.call('close', undefined);
    const taskIds = await stage.newTasks(waiting);
    const deferred = () => queryNumber(stage.postgres.url, DEFERRED);
    const before = await deferred();
    await column.send(taskIds, { atOnce: 20, until: 'answered' });
    await until(
      'all wait for the relay',
      async () => (await deferred()) - before >= waiting,
      1_000,
    );
    await delay(SETTLING);
    const used = residentMegabytes(column.pids.worker);
    // These runs wait for ever: nobody is left to take them.
    await column.close();
    await stage.relay.call('open', undefined);
    return [
      { name: 'memory MB: worker', value: idle },
      { name: `memory MB: worker, more with ${waiting} waiting`, value: used - idle },
    ];
  },
};
