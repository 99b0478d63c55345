import type { Client } from '@temporalio/client';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { join } from 'node:path';

const workflowBundle = { codePath: join(__dirname, '../../../workflow-bundle.js') };
const concurrency = 8;

// Replay errors are reported as violations.
Runtime.install({ logger: new DefaultLogger('ERROR'), shutdownSignals: [] });

/** Replays the history of each listed run and returns the errors by run ID. */
export async function replay(client: Client, query: string): Promise<Map<string, string>> {
  const histories = client.workflow.list({ query }).intoHistories({ concurrency });
  const faults = new Map<string, string>();
  for await (const { runId, error } of Worker.runReplayHistories({ workflowBundle }, histories)) {
    if (error) faults.set(runId, error.message);
  }
  return faults;
}
