import { percentile } from '../measure/stats';
import type { Row } from './row';

const AT_ONCE = 20;
const PER_RUN = 4;

/** From the first byte of a webhook (or call) to its answer, at the same concurrency for all. */
export const acknowledgementRow: Row = {
  key: 'acknowledgement',
  appliesTo: ({ acknowledge }) => acknowledge !== undefined,
  async measure(stage, contender, { runs }) {
    const pace = { atOnce: AT_ONCE, until: 'answered' } as const;
    await contender.acknowledge?.(await stage.newTasks(runs), pace);
    const taskIds = await stage.newTasks(runs * PER_RUN);
    const sent = await contender.acknowledge?.(taskIds, pace);
    const { answeredMs = [], retried = 0, seconds = NaN } = sent ?? {};
    return [
      { name: 'acknowledgements/s', value: taskIds.length / seconds },
      { name: 'acknowledgement ms: p50', value: percentile(answeredMs, 50) },
      { name: 'acknowledgement ms: p99', value: percentile(answeredMs, 99) },
      { name: 'acknowledgements that took a retry', value: retried },
    ];
  },
};
