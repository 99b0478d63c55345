import { percentile } from '../measure/stats';
import type { Row } from './row';

const PER_SECOND = 10;
const MOST = 100;

/** Whether senders of webhooks notice a relay that takes a second for its last reply. */
export const slowRelayRow: Row = {
  key: 'slow-relay',
  appliesTo: ({ service }) => service !== undefined,
  async measure(stage, column, { runs }) {
    const figures = [];
    for (const delay of [0, 1_000]) {
      await stage.relay.call('setDelay', delay);
      const taskIds = await stage.newTasks(Math.min(runs, MOST));
      const { answeredMs } = await column.send(taskIds, { perSecond: PER_SECOND });
      await column.finished();
      const name = `acknowledgement ms, relay of ${delay / 1_000} s: p99`;
      figures.push({ name, value: percentile(answeredMs, 99) });
    }
    await stage.relay.call('setDelay', 0);
    return figures;
  },
};
