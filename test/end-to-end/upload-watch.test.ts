import type { Client } from '@temporalio/client';
import { randomUUID } from 'node:crypto';
import { runSetup, type ServiceProcess } from '../../tools/sandbox/service/service-process';
import { WATCH_TYPE } from '../../workflows/upload-watch/messages';
import { watchId } from '../../workflows/upload-watch/watch-id';
import { persistently } from '../support/persistently';
import { ADMIN_TOKEN } from '../support/planted-values';
import { fetch } from '../support/recorded-fetch';
import { retryNow } from '../support/retry-now';
import { suite } from '../support/suite';
import { pendingActivities } from '../../tools/sandbox/temporal/pending-activities';
import { startSurroundings, type Surroundings } from '../support/surroundings';
import { connectClient } from '../support/temporal-client';
import { until } from '../../tools/sandbox/until';

let surroundings: Surroundings;
let client: Client;
let api: ServiceProcess;
let worker: ServiceProcess;

/** A namespace of the test's own: a batch operation takes all that its query finds. */
beforeEach(async () => {
  const temporal = { ...suite().temporal, namespace: `upload-watch-${randomUUID()}` };
  surroundings = await startSurroundings({ temporal });
  // Not due unless a test asks: the signal is what the tests wait for.
  Object.assign(surroundings.environment, { SWEEP_AFTER: '1h' });
  client = await connectClient(temporal);
  await runSetup(surroundings.environment);
  [api, worker] = await Promise.all([startApi(), surroundings.start('worker')]);
});

afterEach(async () => {
  await surroundings.close();
  await client.connection.close();
});

describe('uploads whose webhook never came', () => {
  it('20 of 100, are mailed: 100 mails, no doubles, and 20 questions to the provider', async () => {
    const uploads = await addUploads(100);
    const watched = await watch(uploads);
    const [lost, heard] = [uploads.slice(0, 20), uploads.slice(20)];

    await Promise.all(heard.map(deliver));
    await surroundings.relay.waitForMail(80);
    await checkAllNow(100);
    await surroundings.relay.waitForMail(100);
    const results = await Promise.all(watched.map(resultOf));
    const late = await Promise.all(lost.map(deliver));

    expect(counted(results)).toEqual({ webhook_lost: 20, notified: 80 });
    expect(late.map(({ body }) => body.reason)).toEqual(
      Array(20).fill('duplicate_or_not_recorded'),
    );
    // One whose end Temporal heard of late is counted again.
    expect(await metric('webhook_lost')).toBeGreaterThanOrEqual(20);
    expectOneMailEach(uploads);
  }, 180_000);

  it('because the API was down, are mailed when they are due', async () => {
    await api.stop('SIGTERM');
    api = await startApi({ SWEEP_AFTER: '1s' });
    const uploads = await addUploads(5);
    surroundings.provider.setStatus(uploads[0]!.taskId, 'processing');
    await watch(uploads);
    await api.stop('SIGKILL');

    const answers = await Promise.allSettled(uploads.map(deliver));
    await surroundings.relay.waitForMail(4);
    await untilFoundProcessing(uploads[0]!.taskId);
    surroundings.provider.setStatus(uploads[0]!.taskId, 'completed');
    await retryNow(client, watchId(uploads[0]!.taskId), 'checkUpload');
    await surroundings.relay.waitForMail(5);

    expect(answers.every(({ status }) => status === 'rejected')).toBe(true);
    expectOneMailEach(uploads);
  });

  it('are mailed though the worker was killed while they were watched', async () => {
    const uploads = await addUploads(5);
    const watched = await watch(uploads);

    await worker.stop('SIGKILL');
    await checkAllNow(5);
    worker = await surroundings.start('worker');
    await surroundings.relay.waitForMail(5);
    const results = await Promise.all(watched.map(resultOf));

    expect(counted(results)).toEqual({ webhook_lost: 5 });
    expectOneMailEach(uploads);
  });

  it('and which our command was told of twice, are checked, and left while not final', async () => {
    const [upload] = await addUploads(1);
    const { taskId } = upload!;
    surroundings.provider.setStatus(taskId, 'processing');

    await surroundings.watch(taskId);
    await surroundings.watch(taskId);
    await untilFoundProcessing(taskId);
    surroundings.provider.setStatus(taskId, 'completed');
    await surroundings.watch(taskId);
    const result = await client.workflow.getHandle(watchId(taskId)).result();

    expect(result).toBe('webhook_lost');
    await surroundings.relay.waitForMail(1);
  });
});

type Upload = Awaited<ReturnType<Surroundings['addUpload']>>;

const startApi = (change: Record<string, string> = {}) =>
  surroundings.start('api', { ADMIN_API_TOKEN: ADMIN_TOKEN, ...change });

function addUploads(count: number): Promise<Upload[]> {
  return surroundings.addUploads(Array.from({ length: count }, () => ({})));
}

/** Has uploads watched; returns the workflow IDs. */
async function watch(uploads: Upload[]): Promise<string[]> {
  const headers = { Authorization: `Bearer ${ADMIN_TOKEN}` };
  const statuses = await Promise.all(
    uploads.map(async ({ taskId }) => {
      const url = `http://127.0.0.1:${api.port}/api/tasks/${taskId}/watch`;
      return (await persistently(() => fetch(url, { method: 'POST', headers }))).status;
    }),
  );
  expect(new Set(statuses)).toEqual(new Set([202]));
  return uploads.map(({ taskId }) => watchId(taskId));
}

const deliver = ({ taskId }: Upload) => surroundings.post(api, { taskId });

/** `temporal workflow signal --query … --name checkNow`, which is also a button of the UI. */
async function checkAllNow(open: number): Promise<void> {
  const query = `WorkflowType = '${WATCH_TYPE}' AND ExecutionStatus = 'Running'`;
  await until(`visibility shows ${open} watches`, async () => {
    return (await client.workflow.count(query)).count === open;
  });
  await client.workflowService.startBatchOperation({
    namespace: client.options.namespace,
    jobId: randomUUID(),
    visibilityQuery: query,
    reason: 'the provider is back',
    signalOperation: { signal: 'checkNow', identity: 'test' },
  });
}

/** The provider was asked, and is asked again later. */
async function untilFoundProcessing(taskId: string): Promise<void> {
  await until('the file is found processing', async () => {
    const [pending] = await pendingActivities(client, { workflowId: watchId(taskId) });
    return pending?.lastFailure?.message?.includes('still processing') ?? false;
  });
}

const resultOf = (workflowId: string) => client.workflow.getHandle(workflowId).result();

function counted(results: unknown[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const result of results) counts[String(result)] = (counts[String(result)] ?? 0) + 1;
  return counts;
}

async function metric(result: string): Promise<number> {
  const response = await fetch(`http://127.0.0.1:${worker.port}/metrics`);
  const line = new RegExp(`bulk_notify_upload_watches_total{result="${result}"} (\\d+)`);
  return Number(line.exec(await response.text())?.[1] ?? 0);
}

function expectOneMailEach(uploads: Upload[]): void {
  const addresses = surroundings.relay.received.flatMap(({ envelope }) => envelope.to);
  expect(addresses.sort()).toEqual(uploads.map(({ address }) => address).sort());
}
