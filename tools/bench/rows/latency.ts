import { percentile } from '../measure/stats';
import type { Row } from './row';

const PER_SECOND = 5;
const WEBHOOKS_MAX = 60;

/** From the webhook (or start) to the relay's 250, at a low rate. */
export const latencyRow: Row = {
  key: 'latency',
  appliesTo: ({ mails }) => mails,
  async measure(stage, contender, { runs }) {
    const taskIds = await stage.newTasks(Math.min(runs, WEBHOOKS_MAX));
    const { sentAt } = await contender.send(taskIds, { perSecond: PER_SECOND });
    await contender.finished();
    const ms = taskIds.map((id, index) => (stage.arrivals.at(id) ?? NaN) - (sentAt[index] ?? NaN));
    return [
      { name: 'webhook to 250, ms: p50', value: percentile(ms, 50) },
      { name: 'webhook to 250, ms: p99', value: percentile(ms, 99) },
    ];
  },
};
