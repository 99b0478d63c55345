import { Client, Connection } from '@temporalio/client';
import { WorkflowIdConflictPolicy, WorkflowIdReusePolicy } from '@temporalio/common';
import { startOptions } from '../../../workflows/notification/start-options';
import { OWNER } from '../owner';
import { servePart } from '../part/serve-part';
import { createArrivals } from './arrivals';
import { atPace, type Pace } from './pace';

export interface StartLoad {
  address: string;
  namespace: string;
  taskQueue: string;
  workflowType: string;
  /** Start with the arguments, search attributes and summary of a notification. */
  asOurs: boolean;
  taskIds: string[];
  pace: Pace;
}

const arrivals = createArrivals();
let client: Client | undefined;

const calls = {
  async send(load: StartLoad) {
    const { address, namespace, taskQueue, workflowType, asOurs, taskIds, pace } = load;
    client ??= new Client({ connection: await Connection.connect({ address }), namespace });
    const { workflow } = client;

    async function start(taskId: string): Promise<number> {
      await workflow.start(workflowType, {
        workflowId: `${workflowType}:${taskId}`,
        taskQueue,
        workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
        workflowIdConflictPolicy: WorkflowIdConflictPolicy.FAIL,
        ...(asOurs ? toOurStart(taskId) : { args: [taskId] }),
      });
      return 0;
    }

    return atPace(taskIds, pace, start, arrivals.of);
  },
  mailed: (taskId: string) => arrivals.record(taskId, Date.now()),
};
export type StartLoadCalls = typeof calls;

function toOurStart(taskId: string) {
  const event = {
    taskId,
    userId: OWNER,
    stats: { total: 3, completed: 3, failed: 0 },
    isVerified: true,
    jobCount: 3,
  };
  return startOptions(event, 'completed', { resendWindowMs: 0 });
}

servePart(calls);
