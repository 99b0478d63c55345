import { Client, Connection } from '@temporalio/client';
import { type SandboxTemporal, startTemporal } from '../../sandbox/temporal/temporal';

let temporal: SandboxTemporal;

beforeAll(async () => {
  temporal = await startTemporal();
}, 600_000);

afterAll(() => temporal.close());

async function withClient<T>(use: (client: Client) => Promise<T>): Promise<T> {
  // Without retries: what is not ready at once is not ready.
  const connection = await Connection.connect({ address: temporal.address, interceptors: [] });
  try {
    return await use(new Client({ connection, namespace: temporal.namespace }));
  } finally {
    await connection.close();
  }
}

/** A run that no worker takes. */
const startRun = (workflowId: string): Promise<unknown> =>
  withClient((client) => client.workflow.start('nobody', { workflowId, taskQueue: workflowId }));

const statusOf = (workflowId: string): Promise<string> =>
  withClient(
    async (client) => (await client.workflow.getHandle(workflowId).describe()).status.name,
  );

describe('startTemporal', () => {
  it('takes a run, and serves its UI', async () => {
    const workflowId = crypto.randomUUID();

    await startRun(workflowId);
    const page = await fetch(temporal.uiUrl);

    expect(await statusOf(workflowId)).toBe('RUNNING');
    expect(page.status).toBe(200);
  });

  it.each(['stop', 'kill'] as const)('keeps its runs and its port over a %s', async (end) => {
    const workflowId = crypto.randomUUID();
    const { pid } = temporal;
    await startRun(workflowId);

    await temporal[end]();
    const away = await fetch(temporal.uiUrl).catch((error: unknown) => (error as Error).message);
    await temporal.start();

    expect(away).toBe('fetch failed');
    expect(temporal.pid).not.toBe(pid);
    expect(await statusOf(workflowId)).toBe('RUNNING');
  });

  it('says what the server wrote when it cannot start', async () => {
    const port = Number(temporal.address.split(':')[1]);
    const uiPort = Number(new URL(temporal.uiUrl).port);

    const second = startTemporal({ port, uiPort });

    await expect(second).rejects.toThrow(/exit code 1[^]*address already in use/);
  });
});
