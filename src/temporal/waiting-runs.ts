import type { Client } from '@temporalio/client';
import { searchAttributes } from '../../workflows/core/search-attributes';
import { WORKFLOW_TYPE } from '../../workflows/notification/messages';
import type { WaitingRun } from '../operator/sample-waiting';

const LIST_TIMEOUT_MS = 4_000;
/** The most that one visibility call returns; a namespace may make ten calls a second in all. */
const PAGE_SIZE = 1_000;
const RUNS_MAX = 5 * PAGE_SIZE;

/** Runs that have not settled, the newest first, as visibility orders them; 5,000 at most. */
export function createWaitingRuns(client: Client, taskQueue: string): () => Promise<WaitingRun[]> {
  const state = searchAttributes.state.name;
  const query =
    `WorkflowType = '${WORKFLOW_TYPE}' AND ExecutionStatus = 'Running' ` +
    `AND TaskQueue = '${taskQueue.replaceAll("'", "''")}' ` +
    `AND (${state} = 'waiting' OR ${state} IS NULL)`;

  return () =>
    client.withDeadline(Date.now() + LIST_TIMEOUT_MS, async () => {
      const waiting: WaitingRun[] = [];
      const runs = client.workflow.list({ query, pageSize: PAGE_SIZE });
      for await (const { workflowId: eventId, startTime: startedAt } of runs) {
        waiting.push({ eventId, startedAt });
        if (waiting.length === RUNS_MAX) break;
      }
      return waiting;
    });
}
