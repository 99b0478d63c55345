import type { Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time';

/** gRPC status codes. */
const NOT_FOUND = 5;
const ALREADY_EXISTS = 6;

/**
 * Resolves when runs of the namespace, made if it is missing, can be started: the frontend knows
 * it, and matching and history answer. The frontend is up before those are.
 */
export async function servesNamespace(
  { workflowService }: Connection,
  namespace: string,
): Promise<void> {
  await workflowService
    .registerNamespace({ namespace, workflowExecutionRetentionPeriod: msToTs('24h') })
    .catch(unless(ALREADY_EXISTS));
  await workflowService.describeTaskQueue({ namespace, taskQueue: { name: 'nobody' } });
  await workflowService
    .describeWorkflowExecution({ namespace, execution: { workflowId: 'nobody' } })
    .catch(unless(NOT_FOUND));
}

const unless =
  (expected: number) =>
  (error: Error & { code?: number }): void => {
    if (error.code !== expected) throw error;
  };
