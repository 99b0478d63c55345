import { percentile } from '../measure/stats';
import type { Row } from './row';

const PER_SECOND = 10;
/** Each delay early and late; the last one stays for the next rows. */
const DELAYS_MS = [0, 1_000, 1_000, 0] as const;

/** Whether a slow final reply of the relay delays the answers to webhooks. */
export const slowRelayRow: Row = {
  key: 'slow-relay',
  appliesTo: ({ service }) => service !== undefined,
  async measure(stage, contender, { runs }) {
    const answeredMs: Record<(typeof DELAYS_MS)[number], number[]> = { 0: [], 1_000: [] };
    for (const delay of DELAYS_MS) {
      await stage.relay.call('setDelay', delay);
      const taskIds = await stage.newTasks(Math.ceil(runs / 2));
      const sent = await contender.send(taskIds, { perSecond: PER_SECOND });
      await contender.finished();
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
