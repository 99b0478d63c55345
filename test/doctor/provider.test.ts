import { randomUUID } from 'node:crypto';
import { createTaskApi } from '../../src/clients/provider/task-api';
import { providerExamination } from '../../src/doctor/provider';
import { listenHttp } from '../../tools/sandbox/network/listen-http';
import { type Provider, startProvider } from '../../tools/sandbox/provider/provider';
import { examine } from '../support/examine';

let provider: Provider;
let taskId: string;
beforeAll(async () => {
  provider = await startProvider();
  const file = { filename: 'customers.csv', email_count: 12, status: 'completed' as const };
  taskId = provider.addTask({ user_id: randomUUID(), file }).id;
});
afterAll(() => provider.stop());

const examineProvider = (change: { baseUrl?: string; key?: string; taskId?: string } = {}) => {
  const { baseUrl = provider.baseUrl, key = provider.adminKey } = change;
  const taskApi = createTaskApi({ baseUrl, key });
  return examine(providerExamination({ taskApi, taskId: change.taskId }));
};

describe('the doctor on the provider', () => {
  it('finds that the key is accepted, and asks for no task that nobody named', async () => {
    const findings = await examineProvider();

    expect(findings).toMatchObject([
      { check: 'key', status: 'ok' },
      { check: 'task', status: 'skipped', remedy: 'Name a task with --task ID.' },
    ]);
  });

  it('reads the task that was named', async () => {
    const findings = await examineProvider({ taskId });

    expect(findings[1]).toMatchObject({ status: 'ok', what: `${taskId}: completed` });
  });

  it.each<[what: string, change: () => Parameters<typeof examineProvider>[0], found: object]>([
    [
      'a key that the provider refuses',
      () => ({ key: 'planted-key' }),
      { check: 'key', remedy: expect.stringContaining('EXTERNAL_API_ADMIN_KEY') },
    ],
    [
      'a provider that does not run',
      () => ({ baseUrl: 'http://127.0.0.1:2/api/v1' }),
      { check: 'key', what: 'the provider did not answer (ECONNREFUSED)' },
    ],
    [
      'a task that the provider does not know',
      () => ({ taskId: randomUUID() }),
      { check: 'task', remedy: expect.stringContaining('--task') },
    ],
  ])('finds %s', async (_what, change, found) => {
    const findings = await examineProvider(change());

    expect(findings.at(-1)).toMatchObject({ status: 'failure', ...found });
    expect(JSON.stringify(findings)).not.toContain('planted-key');
  });

  it('finds a base URL under which somebody else answers 404', async () => {
    const other = await listenHttp((_request, response) => void response.writeHead(404).end('no'));

    const findings = await examineProvider({ baseUrl: `http://127.0.0.1:${other.port}/api` });
    await other.close();

    expect(findings).toMatchObject([
      {
        check: 'key',
        status: 'failure',
        what: "the provider answered 404, without the provider's error code",
        remedy: expect.stringContaining('EMAIL_API_BASE_URL'),
      },
    ]);
  });
});
