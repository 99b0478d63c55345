import type { Client, WorkflowHandle } from '@temporalio/client';
import { randomUUID } from 'node:crypto';

/** As an operator does it in the UI: to the first workflow task, with the signals repeated. */
export async function resetRun(client: Client, handle: WorkflowHandle): Promise<WorkflowHandle> {
  const { runId } = await handle.describe();
  const { events } = await handle.fetchHistory();
  const first = events?.find((event) => event.workflowTaskCompletedEventAttributes);
  const answer = await client.workflowService.resetWorkflowExecution({
    ...{ namespace: client.options.namespace, requestId: randomUUID(), reason: 'test' },
    workflowExecution: { workflowId: handle.workflowId, runId },
    workflowTaskFinishEventId: first?.eventId,
  });
  expect(answer.runId).not.toBe(runId);
  return client.workflow.getHandle(handle.workflowId, answer.runId);
}
