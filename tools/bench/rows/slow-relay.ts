import { percentile } from '../measure/stats';
import type { Row } from './row';

const PER_SECOND = 10;
/** Milliseconds, both early and late; the last is how the relay is for the rows to come. */
const DELAYS = [0, 1_000, 1_000, 0] as const;

/** Whether senders of webhooks notice a relay that takes a second for its last reply. */
export const slowRelayRow: Row = {
  key: 'slow-relay',
  appliesTo: ({ service }) => service !== undefined,
  async measure(stage, column, { runs }) {
    const answeredMs: Record<(typeof DELAYS)[number], number[]> = { 0: [], 1_000: [] };
    for (const delay of DELAYS) {
      await stage.relay.call('setDelay', delay);
      const taskIds = await stage.newTasks(Math.ceil(runs / 2));
      const sent = await column.send(taskIds, { perSecond: PER_SECOND });
      await column.finished();
      answeredMs[delay].push(...sent.answeredMs);
    }
    return ([0, 1_000] as const).flatMap((delay) =>
      [50, 99].map((percent) => ({
        name: `acknowledgement ms, relay of ${delay / 1_000} s: p${percent}`,
        value: percentile(answeredMs[delay], percent),
      })),
    );
  },
};
