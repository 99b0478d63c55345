import { type SandboxTemporal, startTemporal } from '../temporal/temporal';
import { runsOf } from '../../../test/support/runs-of';

let temporal: SandboxTemporal;
let runs: ReturnType<typeof runsOf>;

beforeAll(async () => {
  temporal = await startTemporal();
  runs = runsOf(temporal);
}, 600_000);

afterAll(() => temporal.close());

describe('startTemporal', () => {
  it('takes a run, and serves its UI', async () => {
    const workflowId = crypto.randomUUID();

    await runs.start(workflowId);
    const page = await fetch(temporal.uiUrl);

    expect(await runs.statusOf(workflowId)).toBe('RUNNING');
    expect(page.status).toBe(200);
  });

  it.each(['stop', 'kill'] as const)('keeps its runs and its port over a %s', async (end) => {
    const workflowId = crypto.randomUUID();
    const { pid } = temporal;
    await runs.start(workflowId);

    await temporal[end]();
    const away = await fetch(temporal.uiUrl).catch((error: unknown) => (error as Error).message);
    await temporal.start();

    expect(away).toBe('fetch failed');
    expect(temporal.pid).not.toBe(pid);
    expect(await runs.statusOf(workflowId)).toBe('RUNNING');
  });

  it('says what the server wrote when it cannot start', async () => {
    const started = startTemporal({ dbFile: '/does-not-exist/temporal.db' });

    await expect(started).rejects.toThrow(/exit code 1[\s\S]*does-not-exist/);
  });
});
