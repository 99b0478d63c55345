import { percentile } from '../measure/stats';
import { webhookTo250 } from '../measure/webhook-to-250';
import type { Row } from './row';

export const LOW_RATE_PER_SECOND = 5;
export const LOW_RATE_WEBHOOKS_MAX = 60;

/** From the webhook (or start) to the relay's 250, at a low rate. */
export const latencyRow: Row = {
  key: 'latency',
  appliesTo: ({ mails }) => mails,
  async measure(stage, contender, { runs }) {
    const count = Math.min(runs, LOW_RATE_WEBHOOKS_MAX);
    const ms = await webhookTo250(stage, contender, { count, perSecond: LOW_RATE_PER_SECOND });
    await contender.finished();
    return [
      { name: 'webhook to 250, ms: p50', value: percentile(ms, 50) },
      { name: 'webhook to 250, ms: p99', value: percentile(ms, 99) },
    ];
  },
};
