import { hostname } from 'node:os';
import type { Client } from '@temporalio/client';
import {
  isStarted,
  missHeartbeat,
  pendingActivities,
  resetActivity,
  waitsForRetry,
} from './pending-activities';

const RUNS_AT_ONCE = 8;

const OPEN = "ExecutionStatus = 'Running'";

/**
 * An operator's actions after an outage, on the open runs whose task queues begin so. They reject
 * while Temporal is down.
 */
export function createOperator(client: Client, livePids: () => number[], taskQueue = '') {
  const query = taskQueue ? `${OPEN} and TaskQueue STARTS_WITH '${taskQueue}'` : OPEN;

  /** Starts waiting attempts now, and lets those of dead workers miss their heartbeat. */
  async function retryNow(): Promise<void> {
    const identities = livePids().map((pid) => `${pid}@${hostname()}`);
    const open: { workflowId: string; runId: string }[] = [];
    for await (const { workflowId, runId } of client.workflow.list({ query })) {
      open.push({ workflowId, runId });
    }
    const work = async () => {
      for (let run = open.pop(); run; run = open.pop()) await retryRun(run, identities);
    };
    await Promise.all(Array.from({ length: RUNS_AT_ONCE }, work));
  }

  async function retryRun(execution: { workflowId: string; runId: string }, identities: string[]) {
    for (const activity of await pendingActivities(client, execution)) {
      const { activityId: id, lastWorkerIdentity } = activity;
      if (waitsForRetry(activity)) await resetActivity(client, execution, { id });
      else if (isStarted(activity) && !identities.includes(lastWorkerIdentity ?? '')) {
        await missHeartbeat(client, execution, { id });
      }
    }
  }

  return {
    retryNow,
    /** Notifications and watches of uploads. */
    countOpen: async () => (await client.workflow.count(query)).count,
  };
}
