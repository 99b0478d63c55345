import { Client, Connection } from '@temporalio/client';
import { WorkflowIdConflictPolicy, WorkflowIdReusePolicy } from '@temporalio/common';
import { servePart } from '../part/serve-part';
import { createArrivals } from './arrivals';
import { atPace, type Pace } from './pace';

export interface StartLoad {
  address: string;
  namespace: string;
  taskQueue: string;
  workflowType: string;
  taskIds: string[];
  pace: Pace;
}

const arrivals = createArrivals();
let client: Client | undefined;

const calls = {
  async send({ address, namespace, taskQueue, workflowType, taskIds, pace }: StartLoad) {
    client ??= new Client({ connection: await Connection.connect({ address }), namespace });
    const { workflow } = client;

    async function start(taskId: string): Promise<number> {
      await workflow.start(workflowType, {
        workflowId: `${workflowType}:${taskId}`,
        taskQueue,
        args: [taskId],
        workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
        workflowIdConflictPolicy: WorkflowIdConflictPolicy.FAIL,
      });
      return 0;
    }

    return atPace(taskIds, pace, start, arrivals.of);
  },
  mailed: (taskId: string) => arrivals.record(taskId, Date.now()),
};
export type StartLoadCalls = typeof calls;

servePart(calls);
