import type { Client } from '@temporalio/client';
import { WORKFLOW_TYPE } from '../../../workflows/notification/messages';
import type { Clock } from './clock';
import type { createOperator } from './operator';

interface Settling {
  operator: ReturnType<typeof createOperator>;
  client: Client;
  /** Resolves when all that was sent is acknowledged. */
  sent: Promise<unknown>;
  /** Tasks whose webhook never comes. */
  lost: string[];
  clock: Clock;
}

/** The proof ends after so long without progress. */
const STALLED_AFTER_MS = 4 * 60_000;
const PAUSE_MS = 2_000;
/** The sweep looks at an upload again when the one before is over. */
const SWEEP_MS = 10_000;

/** Retries everything that waits until nothing is open. Resolves to what is left when that stalls. */
export async function settle(settling: Settling): Promise<string | undefined> {
  const { operator, clock, sent } = settling;
  let acknowledged = false;
  void sent.then(
    () => (acknowledged = true),
    () => undefined,
  );
  let sweepAt = 0;
  let before: string | undefined;
  let since = clock.elapsed();
  for (;;) {
    const left = await findOpenWork().catch(
      (error: unknown) => `Temporal: ${(error as Error).message}`,
    );
    if (left !== before) since = clock.elapsed();
    before = left;
    if (!left || clock.elapsed() > since + STALLED_AFTER_MS) return left;
    await clock.wait(PAUSE_MS);
  }

  async function findOpenWork(): Promise<string | undefined> {
    await operator.retryNow();
    if (!acknowledged) return 'requests that are not acknowledged';
    const unfound = await findUnfound(settling);
    if (unfound > 0) {
      if (clock.elapsed() >= sweepAt) {
        sweepAt = clock.elapsed() + SWEEP_MS;
        await operator.sweepNow();
      }
      return `${unfound} uploads without a webhook that the sweep has not found`;
    }
    const open = await operator.countOpen();
    return open > 0 ? `${open} open runs` : undefined;
  }
}

/** How many of the lost have no run yet. Those that were found are not asked for again. */
async function findUnfound({ client, lost }: Settling): Promise<number> {
  for (const taskId of [...lost]) {
    const query = `TaskId = '${taskId}' AND WorkflowType = '${WORKFLOW_TYPE}'`;
    const { count } = await client.workflow.count(query);
    if (count > 0) lost.splice(lost.indexOf(taskId), 1);
  }
  return lost.length;
}
