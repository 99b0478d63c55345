import { fetch } from '../support/recorded-fetch';
import { startSurroundings, type Surroundings } from '../support/surroundings';
import { until } from '../../tools/sandbox/until';

let surroundings: Surroundings;
beforeAll(async () => {
  surroundings = await startSurroundings();
});
afterAll(() => surroundings.close());

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
