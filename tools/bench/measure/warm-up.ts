import type { Contender } from '../contenders/contender';
import type { Stage } from '../stage';

/** Warms up just-in-time compilers and connection pools. */
export async function warmUp(stage: Stage, contender: Contender, count: number): Promise<void> {
  const taskIds = await stage.newTasks(count);
  await contender.send(taskIds, { atOnce: 20, until: contender.mails ? 'mailed' : 'answered' });
  await contender.finished();
}
