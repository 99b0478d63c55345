import { percentile } from '../measure/stats';
import type { Row } from './row';

const PER_SECOND = 5;
const MOST = 60;

/** From the webhook (or start) to the 250 of the relay, while nothing is in a hurry. */
export const latencyRow: Row = {
  key: 'latency',
  appliesTo: ({ mails }) => mails,
  async measure(stage, column, { runs }) {
    const taskIds = await stage.newTasks(Math.min(runs, MOST));
    const { sentAt } = await column.send(taskIds, { perSecond: PER_SECOND });
    await column.finished();
    const ms = taskIds.map((id, index) => (stage.arrivals.at(id) ?? NaN) - (sentAt[index] ?? NaN));
    return [
      { name: 'webhook to 250, ms: p50', value: percentile(ms, 50) },
      { name: 'webhook to 250, ms: p99', value: percentile(ms, 99) },
    ];
  },
};
