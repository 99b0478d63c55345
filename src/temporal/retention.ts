import type { Client } from '@temporalio/client';
import { tsToMs } from '@temporalio/common/lib/time';

/** How long the namespace keeps closed runs. */
export async function fetchRetentionMs(client: Client): Promise<number> {
  const { namespace } = client.options;
  const { config } = await client.workflowService.describeNamespace({ namespace });
  return tsToMs(config?.workflowExecutionRetentionTtl);
}
