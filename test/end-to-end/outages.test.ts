import { startPostgres } from '../../tools/sandbox/postgres/postgres';
import { runSetup } from '../../tools/sandbox/service/service-process';
import { fetch } from '../support/recorded-fetch';
import { startOwnTemporal } from '../support/start-own-temporal';
import { startSurroundings, type Surroundings } from '../support/surroundings';
import { until } from '../../tools/sandbox/until';

let surroundings: Surroundings;

afterEach(() => surroundings.close());

describe('one mail, later, when', () => {
  beforeEach(async () => {
    surroundings = await startSurroundings();
  });

  it('the provider answers 503 for a while', async () => {
    const { provider } = surroundings;
    const { taskId, address } = await surroundings.addUpload();
    const outage = provider.fail({ status: 503 });
    const [api] = await Promise.all([surroundings.start('api'), surroundings.start('worker')]);

    await surroundings.post(api, { taskId });
    await until('it was asked three times', () => provider.requests.length >= 3);
    outage.release();

    await expectOneMail(address);
  });

  it('the worker is killed before the send', async () => {
    const { relay, provider } = surroundings;
    const { taskId, address } = await surroundings.addUpload();
    const [api, worker] = await Promise.all([
      surroundings.start('api'),
      surroundings.start('worker'),
    ]);
    provider.delay(60_000);

    await surroundings.post(api, { taskId });
    await until('the look-up is under way', () => provider.delayed() > 0);
    await worker.stop('SIGKILL');
    provider.delay(0);
    expect(relay.received).toHaveLength(0);
    await surroundings.start('worker');

    await expectOneMail(address);
  });
});

describe('with parts of its own', () => {
  it('sends one mail, later, when Postgres is stopped', async () => {
    const postgres = await startPostgres();
    surroundings = await startSurroundings({ postgres });
    const { address } = surroundings.temporal;
    await runSetup({ TEMPORAL_ADDRESS: address, DATABASE_URL: postgres.url });
    const upload = await surroundings.addUpload();
    const [api, worker] = await Promise.all([
      surroundings.start('api'),
      surroundings.start('worker'),
    ]);
    await postgres.stop();

    await surroundings.post(api, { taskId: upload.taskId });
    const failed = 'bulk_upload_notification.profile_lookup_failed';
    await until('the look-up failed', () => worker.lines.some(({ event }) => event === failed));
    await postgres.start();

    await expectOneMail(upload.address);
    await postgres.close();
  });

  it('answers 503 within two seconds without Temporal, and is fine again with it', async () => {
    const temporal = await startOwnTemporal();
    surroundings = await startSurroundings({ temporal });
    await runSetup({
      TEMPORAL_ADDRESS: temporal.address,
      DATABASE_URL: surroundings.postgres.url,
    });
    const { taskId, address } = await surroundings.addUpload();
    const [api] = await Promise.all([surroundings.start('api'), surroundings.start('worker')]);
    await temporal.kill();

    // A busy machine may hold one answer up, but not each.
    await until('503 comes within two seconds', async () => {
      const began = performance.now();
      const refused = await surroundings.postOnce(api, { taskId });
      expect(refused).toMatchObject({ status: 503, body: { code: 'unavailable' } });
      return performance.now() - began < 2_000;
    });
    expect((await fetch(`http://127.0.0.1:${api.port}/readyz`)).status).toBe(503);
    expect((await fetch(`http://127.0.0.1:${api.port}/healthz`)).status).toBe(200);

    await temporal.start();
    await until('it is ready', async () => (await fetch(`http://127.0.0.1:${api.port}/readyz`)).ok);
    expect(await surroundings.post(api, { taskId })).toMatchObject({ status: 200 });
    await expectOneMail(address);
    await temporal.close();
    // It starts a Temporal of its own.
  }, 300_000);
});

async function expectOneMail(address: string | null): Promise<void> {
  const { relay } = surroundings;
  await relay.waitForMail(({ envelope }) => envelope.to.includes(address ?? ''));
  expect(relay.received).toHaveLength(1);
}
