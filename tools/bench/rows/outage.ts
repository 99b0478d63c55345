import { resetSends, untilAllWait } from '../instruments/operator';
import type { Row } from './row';

/** Rate of mails after a relay outage, when an operator retries all waiting sends. */
export const outageRow: Row = {
  key: 'outage',
  appliesTo: ({ service }) => service !== undefined,
  async measure(stage, contender, { runs }) {
    const { workflows } = contender;
    if (!workflows) return [];
    const taskIds = await stage.newTasks(runs);
    await stage.relay.call('close', undefined);
    await contender.send(taskIds, { atOnce: 10, until: 'answered' });
    await untilAllWait(stage.client, taskIds.map(workflows.idOf));
    await stage.relay.call('open', undefined);
    const began = Date.now();
    await resetSends(stage.client, workflows.taskQueue);
    await contender.finished();
    const last = Math.max(...taskIds.map((id) => stage.arrivals.at(id) ?? NaN));
    return [{ name: 'mails/s after an outage', value: (runs * 1_000) / (last - began) }];
  },
};
