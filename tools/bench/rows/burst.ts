import type { Contender } from '../contenders/contender';
import { onSibling } from '../contenders/on-sibling';
import { percentile } from '../measure/stats';
import { warmUp } from '../measure/warm-up';
import { webhookTo250 } from '../measure/webhook-to-250';
import { OTHER_OWNER } from '../owner';
import type { Stage } from '../stage';
import type { Figure, Row, Sizes } from './row';

const MAX_PER_SECOND = 20;
/** Of the other user's mails. */
const SINGLES_PER_SECOND = 1;
const IDLE_SINGLES_MAX = 20;

/** How long a user's mail waits while another user's many mails are due, with a rate limit. */
export const burstRow: Row = {
  key: 'burst',
  once: true,
  appliesTo: ({ name }) => name === 'ours, rate limit',
  measure: (stage, contender, sizes) =>
    onSibling(contender, { SMTP_MAX_PER_SECOND: String(MAX_PER_SECOND) }, (limited) =>
      measureBurst(stage, limited, sizes),
    ),
};

async function measureBurst(stage: Stage, limited: Contender, { burst }: Sizes): Promise<Figure[]> {
  const singles = (count: number) =>
    webhookTo250(stage, limited, {
      count,
      perSecond: SINGLES_PER_SECOND,
      userId: OTHER_OWNER,
    });
  await warmUp(stage, limited, MAX_PER_SECOND);
  const lasts = Math.ceil((burst / MAX_PER_SECOND) * SINGLES_PER_SECOND);
  const idle = await singles(Math.min(lasts, IDLE_SINGLES_MAX));
  const taskIds = await stage.newTasks(burst);
  const [during] = await Promise.all([
    singles(lasts),
    limited.send(taskIds, { atOnce: 20, until: 'answered' }),
  ]);
  await limited.finished();
  const [idleMs, duringMs, longestMs] = [
    percentile(idle, 50),
    percentile(during, 50),
    Math.max(...during),
  ];
  return [
    { name: "another user's webhook to 250, idle, ms: p50", value: idleMs },
    { name: "another user's webhook to 250, in a burst, ms: p50", value: duringMs },
    { name: "another user's webhook to 250, in a burst, ms: max", value: longestMs },
    { name: "another user's longest delay by a burst, s", value: (longestMs - idleMs) / 1_000 },
  ];
}
