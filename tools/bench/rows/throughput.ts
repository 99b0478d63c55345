import { cpuMs } from '../measure/cpu';
import { relayUse } from '../measure/relay-use';
import type { Row } from './row';

/** Keeps two cores busy without long queues. */
const AT_ONCE = 50;

/** Rate from the webhook (or start) to the closed run, its CPU and its connections to the relay. */
export const throughputRow: Row = {
  key: 'throughput',
  appliesTo: () => true,
  async measure(stage, contender, { runs }) {
    const taskIds = await stage.newTasks(runs);
    const groups = {
      worker: contender.pids.worker,
      ours: [...contender.pids.worker, ...contender.pids.starter],
      temporal: stage.temporalPids(),
      ledger: [stage.postgres.pid],
      instruments: [stage.relay.pid, stage.provider.pid, stage.load.pid],
    };
    const cpu = () => Object.values(groups).map((pids) => cpuMs(pids));
    const before = cpu();
    const [seconds, connections] = await relayUse(stage, 'at full rate', async () => {
      const began = performance.now();
      await contender.send(taskIds, {
        atOnce: AT_ONCE,
        until: contender.mails ? 'mailed' : 'answered',
      });
      await contender.finished();
      return (performance.now() - began) / 1_000;
    });
    const [worker = 0, ours = 0, temporal = 0, ledger = 0, instruments = 0] = cpu().map(
      (ms, index) => (ms - (before[index] ?? 0)) / runs,
    );
    return [
      { name: 'notifications/s', value: runs / seconds },
      { name: 'CPU ms: worker', value: worker },
      { name: 'CPU ms: our processes', value: ours },
      { name: 'CPU ms: Temporal', value: temporal },
      { name: 'CPU ms: ledger', value: ledger },
      { name: 'CPU ms: all of these', value: ours + temporal + ledger },
      { name: 'CPU ms: stubs and load, not in it', value: instruments },
      ...(contender.mails ? connections : []),
    ];
  },
};
