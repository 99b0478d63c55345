import { MEASUREMENT_MAX_MS } from '../measure/measurement-max';
import { startPart } from '../part/start-part';
import type { PeerCalls, PeerName } from '../peers/peer-part';
import type { Stage } from '../stage';
import { until } from '../../sandbox/until';
import type { Contender } from './contender';

/** One process that enqueues and sends, on the ledger's Postgres (BullMQ: on Redis). */
export async function startPeer(stage: Stage, name: PeerName): Promise<Contender> {
  const part = startPart<PeerCalls>('peers/peer-part');
  const forget = stage.onMail((taskId) => void part.call('mailed', taskId));
  await part.call('start', { name, environment: stage.environment({}) });

  return {
    name,
    mails: true,
    pids: { worker: [part.pid], starter: [] },
    send: (taskIds, pace) => part.call('send', { taskIds, pace }),
    finished: () =>
      until(`${name} has no open job`, async () => (await part.call('open', undefined)) === 0, {
        timeoutMs: MEASUREMENT_MAX_MS,
      }),
    async close() {
      forget();
      await part.close();
    },
  };
}
