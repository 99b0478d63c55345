import {
  type Client,
  defaultPayloadConverter,
  type WorkflowExecutionInfo,
} from '@temporalio/client';
import { type NotificationStatus, WORKFLOW_TYPE } from '../../../workflows/notification/messages';
import { searchAttributes } from '../../../workflows/core/search-attributes';
import { groupBy } from './expected-mails';
import { replay } from './replay';
import type { ObservedRun } from './observations';

const AT_ONCE = 8;

/** All runs of notifications, with their results and replay errors. */
export async function readRuns(client: Client): Promise<ObservedRun[]> {
  const listed: WorkflowExecutionInfo[] = [];
  const query = `WorkflowType = '${WORKFLOW_TYPE}'`;
  for await (const info of client.workflow.list({ query })) listed.push(info);
  const replayFaults = await replay(client, query);
  const ofOne = groupBy(listed, ({ workflowId }) => workflowId);

  const runs: ObservedRun[] = [];
  const work = async () => {
    for (let info = listed.pop(); info; info = listed.pop()) {
      const isOnly = ofOne.get(info.workflowId)?.length === 1;
      const run = await readRun(client, info, isOnly);
      runs.push({ ...run, replayFault: replayFaults.get(run.runId) });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return runs;
}

async function readRun(
  client: Client,
  {
    workflowId,
    runId,
    startTime,
    status: { name: status },
    typedSearchAttributes,
  }: WorkflowExecutionInfo,
  isOnly: boolean,
): Promise<ObservedRun> {
  const handle = client.workflow.getHandle(workflowId, runId);
  const result =
    status === 'COMPLETED' ? ((await handle.result()) as NotificationStatus) : undefined;
  return {
    ...{ workflowId, runId, status, startedAt: startTime.getTime() },
    // Matters only beside another run, and costs a request.
    onlyResend: !isOnly && (await isOnlyResend(client, workflowId, runId)),
    state: result?.state,
    reason: result?.reason,
    shownState: typedSearchAttributes.get(searchAttributes.state),
    shownReason: typedSearchAttributes.get(searchAttributes.parkReason),
  };
}

async function isOnlyResend(client: Client, workflowId: string, runId: string): Promise<boolean> {
  const { history } = await client.workflowService.getWorkflowExecutionHistory({
    namespace: client.options.namespace,
    execution: { workflowId, runId },
    maximumPageSize: 1,
  });
  const started = history?.events?.[0]?.workflowExecutionStartedEventAttributes;
  const [input] = started?.input?.payloads ?? [];
  return input ? !('isVerified' in defaultPayloadConverter.fromPayload<object>(input)) : false;
}
