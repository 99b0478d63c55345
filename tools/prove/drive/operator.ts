import { hostname } from 'node:os';
import type { Client } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time';
import { waitsForRetry } from '../../sandbox/temporal/waits-for-retry';

/** Temporal's PENDING_ACTIVITY_STATE_STARTED. */
const STARTED = 2;
const RUNS_AT_ONCE = 8;

const OPEN = "ExecutionStatus = 'Running'";

/** An operator's actions after an outage. They reject while Temporal is down. */
export function createOperator(client: Client, livePids: () => number[]) {
  const { namespace } = client.options;

  /** Starts waiting attempts now, and lets those of dead workers miss their heartbeat. */
  async function retryNow(): Promise<void> {
    const identities = livePids().map((pid) => `${pid}@${hostname()}`);
    const open: { workflowId: string; runId: string }[] = [];
    for await (const { workflowId, runId } of client.workflow.list({ query: OPEN })) {
      open.push({ workflowId, runId });
    }
    const work = async () => {
      for (let run = open.pop(); run; run = open.pop()) await retryRun(run, identities);
    };
    await Promise.all(Array.from({ length: RUNS_AT_ONCE }, work));
  }

  async function retryRun(execution: { workflowId: string; runId: string }, identities: string[]) {
    const { workflowId, runId } = execution;
    const { raw } = await client.workflow.getHandle(workflowId, runId).describe();
    for (const activity of raw.pendingActivities ?? []) {
      const { activityId: id, state, lastWorkerIdentity } = activity;
      const target = { namespace, execution, id };
      if (waitsForRetry(activity)) {
        await client.workflowService.resetActivity({ ...target, restoreOriginalOptions: true });
      } else if (Number(state) === STARTED && !identities.includes(lastWorkerIdentity ?? '')) {
        await client.workflowService.updateActivityOptions({
          ...target,
          activityOptions: { heartbeatTimeout: msToTs('1s') },
          updateMask: { paths: ['heartbeat_timeout'] },
        });
      }
    }
  }

  return {
    retryNow,
    /** Notifications and watches of uploads. */
    countOpen: async () => (await client.workflow.count(OPEN)).count,
  };
}
