import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { WorkflowNotFoundError } from '@temporalio/client';
import { connectClient } from './temporal-client';

const AT_ONCE = 5;

/** Keeps what the suite's Temporal tells of all its runs, beside the records of the tests. */
export async function recordHistories(directory: string): Promise<void> {
  const client = await connectClient();
  const keep = (told: unknown) =>
    appendFileSync(join(directory, 'histories'), `${JSON.stringify(told)}\n`);
  try {
    const runs: { workflowId: string; runId: string }[] = [];
    for await (const { raw, workflowId, runId } of client.workflow.list()) {
      keep(raw);
      runs.push({ workflowId, runId });
    }
    const keepHistories = async () => {
      for (let run = runs.pop(); run; run = runs.pop()) {
        const handle = client.workflow.getHandle(run.workflowId, run.runId);
        keep(await handle.fetchHistory().catch(unlessDeleted));
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, keepHistories));
  } finally {
    await client.connection.close();
  }
}

/** Some tests delete runs, which visibility may still list. */
function unlessDeleted(err: unknown): undefined {
  if (!(err instanceof WorkflowNotFoundError)) throw err;
}
