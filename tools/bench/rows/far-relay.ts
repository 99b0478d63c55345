import type { Contender } from '../contenders/contender';
import { onSibling } from '../contenders/on-sibling';
import { FAR_ONE_WAY_MS } from '../instruments/start-relays';
import { relayUse } from '../measure/relay-use';
import { percentile } from '../measure/stats';
import { warmUp } from '../measure/warm-up';
import { webhookTo250 } from '../measure/webhook-to-250';
import type { Stage } from '../stage';
import { LOW_RATE_PER_SECOND, LOW_RATE_WEBHOOKS_MAX } from './latency';
import type { Figure, Row, Sizes } from './row';

const STEADY_PER_SECOND = 20;
const FAR = `relay ${FAR_ONE_WAY_MS} ms away`;

/** From the webhook (or start) to the 250 of a relay far away, and the connections that it takes. */
export const farRelayRow: Row = {
  key: 'far-relay',
  // A limit that is never reached does not change what a distance costs.
  appliesTo: ({ name, mails, sibling }) =>
    mails && sibling !== undefined && !name.endsWith('rate limit'),
  measure: (stage, contender, sizes) =>
    onSibling(contender, stage.relayVariables.far, (far) => measureFar(stage, far, sizes)),
};

async function measureFar(stage: Stage, far: Contender, { runs }: Sizes): Promise<Figure[]> {
  await warmUp(stage, far, Math.ceil(runs / 3));
  const [ms, atLowRate] = await relayUse(stage, `${FAR}, ${LOW_RATE_PER_SECOND}/s`, () =>
    webhookTo250(stage, far, {
      count: Math.min(runs, LOW_RATE_WEBHOOKS_MAX),
      perSecond: LOW_RATE_PER_SECOND,
    }),
  );
  const [, atSteadyRate] = await relayUse(stage, `${FAR}, ${STEADY_PER_SECOND}/s`, () =>
    webhookTo250(stage, far, { count: runs, perSecond: STEADY_PER_SECOND }),
  );
  await far.finished();
  return [
    { name: `webhook to 250, ${FAR}, ms: p50`, value: percentile(ms, 50) },
    { name: `webhook to 250, ${FAR}, ms: p99`, value: percentile(ms, 99) },
    ...atLowRate,
    ...atSteadyRate,
  ];
}
