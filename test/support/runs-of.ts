import { Client, Connection } from '@temporalio/client';

/** Runs that no worker takes, at a Temporal of the test's own. */
export function runsOf({ address, namespace }: { address: string; namespace: string }) {
  async function withClient<T>(use: (client: Client) => Promise<T>): Promise<T> {
    // Without retries: what is not ready at once is not ready.
    const connection = await Connection.connect({ address, interceptors: [] });
    try {
      return await use(new Client({ connection, namespace }));
    } finally {
      await connection.close();
    }
  }

  return {
    start: (workflowId: string): Promise<unknown> =>
      withClient((client) =>
        client.workflow.start('unknown', { workflowId, taskQueue: workflowId }),
      ),
    statusOf: (workflowId: string): Promise<string> =>
      withClient(
        async (client) => (await client.workflow.getHandle(workflowId).describe()).status.name,
      ),
  };
}
