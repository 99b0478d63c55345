import { type SandboxCluster, startCluster } from '../../tools/sandbox/cluster/cluster';
import { fetch } from '../support/recorded-fetch';
import { runsOf } from '../support/runs-of';
import { until } from '../../tools/sandbox/until';

let cluster: SandboxCluster;
let runs: ReturnType<typeof runsOf>;

beforeAll(async () => {
  cluster = await startCluster();
  runs = runsOf(cluster);
});

afterAll(() => cluster.close());

const shownStatus = async (workflowId: string): Promise<unknown> => {
  const path = `/api/v1/namespaces/${cluster.namespace}/workflows/${workflowId}`;
  const response = await fetch(`${cluster.uiUrl}${path}`);
  const { workflowExecutionInfo } = (await response.json()) as {
    workflowExecutionInfo?: { status: string };
  };
  return workflowExecutionInfo?.status;
};

describe('startCluster', () => {
  it('takes a run at once, and shows it in its UI', async () => {
    const workflowId = crypto.randomUUID();

    await runs.start(workflowId);
    const page = await fetch(cluster.uiUrl);

    expect(await runs.statusOf(workflowId)).toBe('RUNNING');
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('<html');
    expect(await shownStatus(workflowId)).toBe('WORKFLOW_EXECUTION_STATUS_RUNNING');
  });

  it.each(['stop', 'kill'] as const)('keeps its runs and its ports over a %s', async (end) => {
    const workflowId = crypto.randomUUID();
    const { pid } = cluster;
    await runs.start(workflowId);

    await cluster[end]();
    const away = await shownStatus(workflowId);
    await cluster.start();

    expect(away).toBeUndefined();
    expect(cluster.pid).not.toBe(pid);
    expect(await runs.statusOf(workflowId)).toBe('RUNNING');
    await until('the UI shows it again', async () => (await shownStatus(workflowId)) !== undefined);
  });

  it('goes on by itself when its Postgres was killed and is there again', async () => {
    const [before, after] = [crypto.randomUUID(), crypto.randomUUID()];
    const { pid } = cluster;
    await runs.start(before);

    await cluster.postgres.kill();
    const away = await runs.start(after).catch((error: unknown) => error);
    await cluster.postgres.start();

    expect(away).toBeInstanceOf(Error);
    await until('it takes runs', () =>
      runs.start(after).then(
        () => true,
        () => false,
      ),
    );
    expect(await runs.statusOf(before)).toBe('RUNNING');
    expect(cluster.pid).toBe(pid);
  });

  it('says which port is taken, and leaves nothing running', async () => {
    const port = Number(cluster.postgres.url.match(/:(\d+)\//)![1]);

    await expect(startCluster({ port })).rejects.toThrow(`port ${port} of 127.0.0.1 is taken`);
  });
});
