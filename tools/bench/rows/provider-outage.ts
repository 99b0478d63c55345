import { setTimeout as delay } from 'node:timers/promises';
import { until } from '../../sandbox/until';
import type { Contender } from '../contenders/contender';
import { onSibling } from '../contenders/on-sibling';
import { MEASUREMENT_MAX_MS } from '../measure/measurement-max';
import { percentile } from '../measure/stats';
import { warmUp } from '../measure/warm-up';
import { webhookTo250 } from '../measure/webhook-to-250';
import type { Stage } from '../stage';
import type { Figure, Row, Sizes } from './row';

const MAX_PER_SECOND = 1;
/** Half of the limit, so that no mail waits for the one before it. */
const SINGLES_PER_SECOND = MAX_PER_SECOND / 2;
const SINGLES_MAX = 20;
/** A send that takes longer waits behind the look-ups. */
const SEND_MAX_MS = 60_000;
/** For the second attempts of the last look-ups. */
const SETTLING_MS = 5_000;

/**
 * Whether look-ups that wait for their next attempt (for ten minutes: none is repeated meanwhile) delay a
 * mail whose look-ups work, with a rate limit.
 */
export const providerOutageRow: Row = {
  key: 'provider-outage',
  once: true,
  appliesTo: ({ name }) => name === 'ours, rate limit',
  // The sibling's runs stay open: their task queue has no other worker.
  measure: (stage, contender, sizes) =>
    onSibling(contender, { SMTP_MAX_PER_SECOND: String(MAX_PER_SECOND) }, (limited) =>
      measureOutage(stage, limited, sizes),
    ),
};

async function measureOutage(
  stage: Stage,
  limited: Contender,
  { runs, waiting }: Sizes,
): Promise<Figure[]> {
  const singles = () =>
    webhookTo250(stage, limited, {
      count: Math.min(Math.ceil(runs / 4), SINGLES_MAX),
      perSecond: SINGLES_PER_SECOND,
      maxMs: SEND_MAX_MS,
    });
  await warmUp(stage, limited, 2);
  const idle = percentile(await singles(), 50);

  const taskIds = await stage.newTasks(waiting, { inOutage: true });
  await limited.send(taskIds, { atOnce: 20, until: 'answered' });
  await until(
    'all look-ups have failed',
    async () => (await stage.provider.call('failed', undefined)) >= waiting,
    { timeoutMs: MEASUREMENT_MAX_MS, intervalMs: 1_000 },
  );
  await delay(SETTLING_MS);
  const during = percentile(await singles(), 50);
  return [
    { name: `webhook to 250 at ${MAX_PER_SECOND}/s, idle, ms: p50`, value: idle },
    { name: `webhook to 250 at ${MAX_PER_SECOND}/s, provider outage, ms: p50`, value: during },
    { name: 'delay of a mail by look-ups that wait, s', value: (during - idle) / 1_000 },
  ];
}
