import type { Column } from '../columns/column';
import { cpuMs } from '../measure/cpu';
import type { Stage } from '../stage';
import type { Row } from './row';

const AT_ONCE = 20;

/** What STARTTLS costs a mail: two siblings, alike but for the relay's port, in turns. */
export const tlsRow: Row = {
  key: 'tls',
  appliesTo: ({ name }) => name === 'ours',
  async measure(stage, column, { runs }) {
    if (!column.service) return [];
    const plain = await column.service.sibling(stage.relayVariables.plain);
    const secured = await column.service.sibling(stage.relayVariables.starttls);
    const used = { plain: 0, secured: 0 };
    try {
      for (const sibling of [plain, secured]) await workerCpuOf(stage, sibling, runs);
      // Both early and late, so that what changes meanwhile changes it for both.
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

async function workerCpuOf(stage: Stage, column: Column, runs: number): Promise<number> {
  const taskIds = await stage.newTasks(runs);
  const before = cpuMs(column.pids.worker);
  await column.send(taskIds, { atOnce: AT_ONCE, until: 'mailed' });
  await column.finished();
  return cpuMs(column.pids.worker) - before;
}
