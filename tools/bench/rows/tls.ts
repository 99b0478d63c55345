import type { Contender } from '../contenders/contender';
import { cpuMs } from '../measure/cpu';
import type { Stage } from '../stage';
import type { Row } from './row';

const AT_ONCE = 20;

/** The CPU of STARTTLS per mail: two siblings that differ only in the relay's port, in turns. */
export const tlsRow: Row = {
  key: 'tls',
  appliesTo: ({ name }) => name === 'ours' || name === 'baseline',
  async measure(stage, { sibling }, { runs }) {
    if (!sibling) return [];
    const plain = await sibling(stage.relayVariables.plain);
    const secured = await sibling(stage.relayVariables.starttls);
    const used = { plain: 0, secured: 0 };
    try {
      for (const contender of [plain, secured]) await workerCpuOf(stage, contender, runs);
      // Plain text early and late, so that a change of the load affects both alike.
      used.plain += await workerCpuOf(stage, plain, runs);
      used.secured += await workerCpuOf(stage, secured, 2 * runs);
      used.plain += await workerCpuOf(stage, plain, runs);
    } finally {
      await Promise.all([plain.close(), secured.close()]);
    }
    return [
      { name: 'CPU ms a mail in plain text: worker', value: used.plain / (2 * runs) },
      { name: 'CPU ms a mail over STARTTLS: worker', value: used.secured / (2 * runs) },
    ];
  },
};

async function workerCpuOf(stage: Stage, contender: Contender, runs: number): Promise<number> {
  const taskIds = await stage.newTasks(runs);
  const before = cpuMs(contender.pids.worker);
  await contender.send(taskIds, { atOnce: AT_ONCE, until: 'mailed' });
  await contender.finished();
  return cpuMs(contender.pids.worker) - before;
}
