import type { Client } from '@temporalio/client';
import { simpleParser } from 'mailparser';
import type { ServiceProcess } from '../../tools/sandbox/service/service-process';
import { signedWebhook } from '../../tools/sandbox/provider/signed-webhook';
import { persistently } from '../support/persistently';
import { fetch } from '../support/recorded-fetch';
import { until } from '../../tools/sandbox/until';
import { startSurroundings, type Surroundings } from '../support/surroundings';
import { untilFound } from '../support/until-found';
import { connectClient } from '../support/temporal-client';

let surroundings: Surroundings;
let api: ServiceProcess;
let otherApi: ServiceProcess;
let worker: ServiceProcess;
let client: Client;

beforeAll(async () => {
  [surroundings, client] = await Promise.all([startSurroundings(), connectClient()]);
  [api, otherApi, worker] = await Promise.all([
    surroundings.start('api'),
    surroundings.start('api'),
    surroundings.start('worker'),
  ]);
});

afterAll(() => Promise.all([surroundings.close(), client.connection.close()]));

it.each([
  ['api', () => api],
  ['worker', () => worker],
])('answers 200 on the /readyz of the %s', async (_, process) => {
  // Its first question to Temporal connects, and has a second.
  const answer = await persistently(() => fetch(`http://127.0.0.1:${process().port}/readyz`));

  expect(await answer.json()).toMatchObject({ status: 'ready' });
  expect(answer.status).toBe(200);
});

it('starts the worker without a warning of the SDK', () => {
  const warnings = worker.lines.filter(
    ({ level, event }) => level === 'warn' && event !== 'database.exposed',
  );

  expect(warnings).toEqual([]);
});

describe('a signed webhook', () => {
  it('becomes one mail to the owner of the upload', async () => {
    const upload = { filename: 'customers.csv' };

    const { taskId, address, answer } = await firstAnswer(upload, { total: 12, invalid: 2 });
    const mail = await mailTo(address);

    const workflow_id = `bulk_upload_notification:${taskId}:completed`;
    expect(answer).toEqual({
      status: 200,
      body: { received: true, processed: true, task_id: taskId, outcome: 'completed', workflow_id },
    });
    const parsed = await simpleParser(mail.raw);
    expect(mail.envelope).toEqual({ from: 'notifications@boltroute.example', to: [address] });
    expect(mail.tls).toBe(true);
    expect(parsed.from?.text).toBe('"BoltRoute" <notifications@boltroute.example>');
    expect(parsed.replyTo?.text).toBe('support@boltroute.example');
    expect(parsed.to).toMatchObject({ text: address });
    expect(parsed.subject).toContain('customers.csv');
    expect(parsed.subject).toContain('is complete');
    expect(parsed.text).toContain('all 12 addresses in ');
    expect(parsed.messageId).toBe(`<bulk.${taskId}.completed@boltroute.example>`);
    expect(await client.workflow.getHandle(workflow_id).result()).toMatchObject({
      state: 'sent',
      fileName: 'customers.csv',
      emailCount: 12,
      relayReply: expect.stringContaining(mail.queueId) as string,
    });
  });

  it('answers with the settled notification when the sender prefers to wait', async () => {
    const upload = { filename: 'waited.csv', total: 7 };

    const { taskId, answer } = await firstAnswer(upload, { total: 7 }, { Prefer: 'wait=20' });

    expect(answer.body).toEqual({
      received: true,
      processed: true,
      task_id: taskId,
      outcome: 'completed',
      file_name: 'waited.csv',
      email_count: 7,
      workflow_id: `bulk_upload_notification:${taskId}:completed`,
    });
  });

  it('fifty times at once, at two processes, is one run and one mail', async () => {
    const { taskId, address } = await surroundings.addUpload();
    const webhook = { taskId, completedAt: new Date() };

    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, i) => surroundings.post(i % 2 ? api : otherApi, webhook)),
    );
    await mailTo(address);
    const workflowId = `bulk_upload_notification:${taskId}:completed`;
    await client.workflow.getHandle(workflowId).result();
    const countRuns = async () =>
      (await client.workflow.count(`WorkflowId = '${workflowId}'`)).count;
    await until('visibility shows it', async () => (await countRuns()) > 0);

    const reasons = answers.map(({ body }) => body.reason ?? 'accepted');
    const accepted = reasons.filter((reason) => reason === 'accepted');
    // The one whose start made the run is a duplicate, too, if it was told 503 for being late.
    expect(accepted.length).toBeLessThanOrEqual(1);
    expect(reasons.filter((reason) => reason === 'duplicate_or_not_recorded')).toHaveLength(
      answers.length - accepted.length,
    );
    expect(await countRuns()).toBe(1);
    expect(mailsTo(address)).toHaveLength(1);
  });

  it('of 10,000 jobs leaves none of them in the history', async () => {
    const { taskId, address } = await surroundings.addUpload({ total: 10_000 });

    const webhook = { taskId, total: 10_000, completedAt: new Date() };
    const { data } = JSON.parse(signedWebhook(webhook).body.toString()) as Completion;

    const answer = await surroundings.post(api, webhook);
    await mailTo(address);

    expect(answer.status).toBe(200);
    const handle = client.workflow.getHandle(`bulk_upload_notification:${taskId}:completed`);
    await handle.result();
    expect((await handle.describe()).historySize).toBeLessThan(20_000);
    const history = readable(await handle.fetchHistory());
    expect(history).toContain('customers.csv');
    expect(history).not.toContain(address);
    expect(history).not.toContain(data.jobs[0]?.email.email_address);
  });

  it('whose stats say failed, of a file that completed, is mailed as completed, once', async () => {
    const upload = { status: 'completed' } as const;

    const { taskId, address, answer } = await firstAnswer(
      upload,
      { failed: 1 },
      { Prefer: 'wait=20' },
    );

    expect(answer.body).toMatchObject({ processed: true, outcome: 'completed' });
    const completed = `bulk_upload_notification:${taskId}:completed`;
    const failed = `bulk_upload_notification:${taskId}:failed`;
    expect(await client.workflow.getHandle(failed).result()).toMatchObject({
      state: 'handed_over',
      handedOverTo: completed,
    });
    expect(await client.workflow.getHandle(completed).result()).toMatchObject({ state: 'sent' });
    expect(mailsTo(address)).toHaveLength(1);
  });

  it('of a failed upload is mailed with the words for that', async () => {
    const { taskId, address } = await surroundings.addUpload({ status: 'failed' });

    await surroundings.post(api, { taskId, failed: 3 });
    const mail = await mailTo(address);

    expect((await simpleParser(mail.raw)).subject).toContain('failed');
  });

  it('of an owner without an address parks, and says why', async () => {
    const { answer } = await firstAnswer({ email: null }, {}, { Prefer: 'wait=20' });

    expect(answer.body).toMatchObject({ processed: false, reason: 'recipient_missing' });
  });
});

describe('the log', () => {
  it('holds no address', async () => {
    const { taskId, address } = await firstAnswer({}, {}, { Prefer: 'wait=20' });

    expect(JSON.stringify(api.lines)).not.toMatch(/@/);
    expect(api.lines).toContainEqual(
      expect.objectContaining({
        event: 'bulk_upload_notification.accepted',
        event_id: `bulk_upload_notification:${taskId}:completed`,
      }),
    );
    expect(mailsTo(address)).toHaveLength(1);
  });
});

/**
 * An upload, and the answer to its only webhook. One that was answered 503 may have been taken, so
 * that another upload follows.
 */
async function firstAnswer(
  upload: Parameters<Surroundings['addUpload']>[0],
  counts: { total?: number; invalid?: number; failed?: number },
  headers: Record<string, string> = {},
) {
  return untilFound('an answer in time', async () => {
    const added = await surroundings.addUpload(upload);
    const webhook = { taskId: added.taskId, ...counts };
    const answer = await surroundings.postOnce(api, webhook, headers);
    return answer.status === 503 ? undefined : { ...added, answer };
  });
}

function mailsTo(address: string | null) {
  return surroundings.relay.received.filter(({ envelope }) => envelope.to.includes(address ?? ''));
}

function mailTo(address: string | null) {
  return surroundings.relay.waitForMail(({ envelope }) => envelope.to.includes(address ?? ''));
}

interface Completion {
  data: { jobs: { email: { email_address: string } }[] };
}

/** A history with its payloads, which JSON has in base64, as text. */
function readable(history: object): string {
  return JSON.stringify(history, (key, value: unknown) =>
    key === 'data' && typeof value === 'string' ? Buffer.from(value, 'base64').toString() : value,
  );
}
