import { type ServiceProcess, startService } from '../../tools/sandbox/service/service-process';
import { fetch } from '../support/recorded-fetch';
import { startScriptedPostgres } from '../support/scripted-postgres';
import { startSurroundings, type Surroundings } from '../support/surroundings';
import { until } from '../../tools/sandbox/until';

const ADMIN_API_TOKEN = 'a-token-of-the-admin-api';
/** An API that reads a database as operators do; nothing listens at its Temporal. */
const READING = {
  HTTP_PORT: '0',
  ADMIN_PORT: '0',
  TEMPORAL_ADDRESS: '127.0.0.1:1',
  ADMIN_API_TOKEN,
};

let surroundings: Surroundings;
beforeAll(async () => {
  surroundings = await startSurroundings();
});
afterAll(() => surroundings.close());

let reading: ServiceProcess | undefined;
afterEach(() => reading?.stop('SIGKILL'));

function withPassword(url: string, password: string): string {
  const changed = new URL(url);
  changed.password = password;
  return changed.href;
}

it('is asked once by a worker with a wrong password, which is not ready and says so', async () => {
  // given
  const { postgres, relay } = surroundings;
  const uploads = await surroundings.addUploads([{}, {}, {}]);
  const wrong = { DATABASE_URL: withPassword(postgres.url, 'hunter2') };
  const [api, worker] = await Promise.all([
    surroundings.start('api'),
    surroundings.start('worker', wrong),
  ]);
  const get = (path: string) => fetch(`http://127.0.0.1:${worker.port}${path}`);
  await until('the worker says it', () =>
    worker.lines.some(({ event }) => event === 'database.refused'),
  );
  expect((await get('/readyz')).status).toBe(503);

  // when
  for (const { taskId } of uploads) await surroundings.post(api, { taskId });
  await until('the provider was asked for all', () =>
    uploads.every(({ taskId }) =>
      surroundings.provider.requests.some(({ path }) => path.includes(taskId)),
    ),
  );
  const metrics = await (await get('/metrics')).text();
  await worker.stop();

  // then
  const refusals = worker.lines.filter(({ event }) => event === 'database.refused');
  expect(refusals).toMatchObject([
    { level: 'error', code: '28P01', remedy: expect.stringContaining('DATABASE_URL') },
  ]);
  expect(metrics).toContain('bulk_notify_configuration_errors_total{part="database"} 1');
  expect(JSON.stringify(worker.lines)).not.toContain('hunter2');
  expect(relay.received).toEqual([]);
});

it('is asked once by an API with a wrong password, which says so for its look-ups and its metrics', async () => {
  // given
  const { url, logins, close } = await startScriptedPostgres({
    refuse: () => ({ code: '28P01', message: 'password authentication failed' }),
  });
  const api = (reading = await startService('api', { ...READING, ADMIN_DATABASE_URL: url }));
  const get = (path: string) =>
    fetch(`http://127.0.0.1:${api.adminPort}${path}`, {
      headers: { Authorization: `Bearer ${ADMIN_API_TOKEN}` },
    });

  // when
  await (await get('/metrics')).text();
  const lookUp = await get('/api/admin/notifications');
  await lookUp.text();
  const metrics = await (await get('/metrics')).text();
  await close();

  // then
  expect(lookUp.status).toBe(503);
  expect(logins).toHaveLength(1);
  expect(api.lines.filter(({ event }) => event === 'database.refused')).toMatchObject([
    {
      ...{ level: 'error', code: '28P01' },
      remedy: 'Correct the user or the password in ADMIN_DATABASE_URL.',
    },
  ]);
  expect(metrics).toContain('bulk_notify_configuration_errors_total{part="database"} 1');
  expect(metrics).toContain('bulk_notify_sampler_up{source="ledger"} 0');
});

it('is named by an API that reads it in clear', async () => {
  reading = await startService('api', {
    ...READING,
    ADMIN_DATABASE_URL: 'postgres://reader@db.invalid/ledger',
  });

  expect(reading.lines.filter(({ event }) => event === 'database.exposed')).toMatchObject([
    { level: 'warn', exposure: expect.stringMatching(/in clear.* ADMIN_DATABASE_URL$/) as string },
  ]);
});
