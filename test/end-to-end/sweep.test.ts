import type { Client } from '@temporalio/client';
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { runSetup, type ServiceProcess } from '../../tools/sandbox/service/service-process';
import { SWEEP_SCHEDULE } from '../../src/temporal/schedule';
import type { SweepReport } from '../../workflows/upload-watch/messages';
import { scratchDatabase } from '../support/scratch-database';
import { suite } from '../support/suite';
import { startSurroundings, type Surroundings } from '../support/surroundings';
import { connectClient } from '../support/temporal-client';
import { persistently } from '../support/persistently';
import { until } from '../../tools/sandbox/until';

const CLI = join(__dirname, '../../dist/src/cli.js');
const ADMIN_API_TOKEN = 'an-operators-token-of-32-letters';

let scratch: Awaited<ReturnType<typeof scratchDatabase>>;
let surroundings: Surroundings;
let client: Client;
let api: ServiceProcess;

/** A namespace and a database of the test's own: a sweep takes every upload that it finds. */
beforeEach(async () => {
  const temporal = { ...suite().temporal, namespace: `sweep-${randomUUID()}` };
  scratch = await scratchDatabase();
  [surroundings, client] = await Promise.all([
    startSurroundings({ temporal, postgres: scratch }),
    connectClient(temporal),
  ]);
  await runSetup({
    TEMPORAL_ADDRESS: temporal.address,
    TEMPORAL_NAMESPACE: temporal.namespace,
    TEMPORAL_TASK_QUEUE: surroundings.taskQueue,
    DATABASE_URL: scratch.url,
    SWEEP_AFTER: '1s',
    // Only when the test triggers it.
    SWEEP_EVERY: '30d',
    RESEND_WINDOW: '0',
  });
  [api] = await Promise.all([startApi(), surroundings.start('worker')]);
}, 60_000);

afterEach(async () => {
  await surroundings.close();
  await client.connection.close();
  await scratch.drop();
});

describe('uploads whose webhook never came', () => {
  it('20 of 100, are found by the sweep: 100 mails, no doubles', async () => {
    const uploads = await addUploads(100);
    await watch(uploads);
    const [lost, heard] = [uploads.slice(0, 20), uploads.slice(20)];

    await Promise.all(heard.map(deliver));
    await surroundings.relay.waitForMail(80, 60_000);
    const report = await sweep();
    await surroundings.relay.waitForMail(100, 60_000);
    const late = await Promise.all(lost.map(deliver));
    const again = await sweep();

    expect(report).toMatchObject({ looked: 20, started: 20, notified: 80 });
    expect(late.map(({ body }) => body.reason)).toEqual(
      Array(20).fill('duplicate_or_not_recorded'),
    );
    expect(again).toMatchObject({ looked: 0, started: 0, notified: 0 });
    expectOneMailEach(uploads);
  }, 180_000);

  it('because the API was down, are found by the sweep', async () => {
    const uploads = await addUploads(20);
    await watch(uploads);
    await api.stop('SIGKILL');

    const posts = uploads.map(({ taskId }) => surroundings.post(api, { taskId }));
    const answers = await Promise.allSettled(posts);
    const report = await sweep();
    await surroundings.relay.waitForMail(20, 60_000);

    expect(answers.every(({ status }) => status === 'rejected')).toBe(true);
    expect(report).toMatchObject({ looked: 20, started: 20 });
    expectOneMailEach(uploads);
  }, 120_000);

  it('and which our command was told of, are left alone while the provider is at work on them', async () => {
    const [upload] = await addUploads(1);
    surroundings.provider.setStatus(upload!.taskId, 'processing');
    const { address, namespace } = surroundings.temporal;
    const environment = { TEMPORAL_ADDRESS: address, TEMPORAL_NAMESPACE: namespace };
    const { taskQueue: TEMPORAL_TASK_QUEUE } = surroundings;
    await promisify(execFile)(process.execPath, [CLI, 'watch', upload!.taskId], {
      env: { ...environment, TEMPORAL_TASK_QUEUE },
    });
    await untilOldEnough(1);

    const report = await sweep();

    expect(report).toMatchObject({ looked: 1, waiting: 1, started: 0 });
    expect(surroundings.relay.received).toHaveLength(0);
  }, 60_000);
});

type Upload = Awaited<ReturnType<Surroundings['addUpload']>>;

const startApi = () => surroundings.start('api', { ADMIN_API_TOKEN });

function addUploads(count: number): Promise<Upload[]> {
  return surroundings.addUploads(Array.from({ length: count }, () => ({})));
}

/** Hands uploads in, and waits until they are remembered and old enough. */
async function watch(uploads: Upload[]): Promise<void> {
  const headers = { Authorization: `Bearer ${ADMIN_API_TOKEN}` };
  const statuses = await Promise.all(
    uploads.map(async ({ taskId }) => {
      const url = `http://127.0.0.1:${api.port}/api/tasks/${taskId}/watch`;
      return (await persistently(() => fetch(url, { method: 'POST', headers }))).status;
    }),
  );
  expect(new Set(statuses)).toEqual(new Set([202]));
  await untilOldEnough(uploads.length);
}

/** The provider's webhook, which it repeats when it is told 503. */
const deliver = ({ taskId }: Upload) => persistently(() => surroundings.post(api, { taskId }));

async function untilOldEnough(count: number): Promise<void> {
  await until('they are old enough', async () => {
    const [row] = await scratch.execute<{ count: number }>(
      `select count(*)::int from bulk_notify.uploads
         where uploaded_at < now() - interval '1 second'`,
    );
    return row?.count === count;
  });
}

/** Lets the schedule start a sweep, as its button in the UI does, and waits for what it found. */
async function sweep(): Promise<SweepReport> {
  const schedule = client.schedule.getHandle(SWEEP_SCHEDULE);
  const before = (await schedule.describe()).info.numActionsTaken;
  await schedule.trigger();
  let workflowId = '';
  await until(
    'the schedule has started it',
    async () => {
      const { numActionsTaken, recentActions } = (await schedule.describe()).info;
      workflowId = recentActions.at(-1)?.action.workflow.workflowId ?? '';
      return numActionsTaken > before;
    },
    { timeoutMs: 45_000 },
  );
  return client.workflow.getHandle(workflowId).result() as Promise<SweepReport>;
}

function expectOneMailEach(uploads: Upload[]): void {
  const addresses = surroundings.relay.received.flatMap(({ envelope }) => envelope.to);
  expect(addresses.sort()).toEqual(uploads.map(({ address }) => address).sort());
}
