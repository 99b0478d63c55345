import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { simpleParser } from 'mailparser';
import { setTimeout as delay } from 'node:timers/promises';
import { addUser } from '../../tools/sandbox/postgres/add-user';
import type { ServiceProcess } from '../../tools/sandbox/service/service-process';
import { createNotifications } from '../../src/temporal/notifications';
import { type NotificationStatus, statusQuery } from '../../workflows/notification/messages';
import { searchAttributes } from '../../workflows/core/search-attributes';
import { workflowId } from '../../workflows/core/workflow-id';
import { readLedger } from '../support/read-ledger';
import { reportEvent } from '../support/report-event';
import { startSurroundings, type Surroundings } from '../support/surroundings';
import { connectClient } from '../support/temporal-client';
import { until } from '../../tools/sandbox/until';

const WHY = ['--by', 'Kim', '--reason', 'lost in their filter'];

let surroundings: Surroundings;
let client: Client;
let worker: ServiceProcess;
/** Its runs close as soon as they are settled. */
let closing: ServiceProcess;
/** Its runs stay open for an hour. */
let open: ServiceProcess;
/** Sent, and deleted from Temporal, as at the end of its retention; that takes half a minute. */
let forgotten: Awaited<ReturnType<Surroundings['addUpload']>>[];

beforeAll(async () => {
  [surroundings, client] = await Promise.all([startSurroundings(), connectClient()]);
  [worker, closing, open] = await Promise.all([
    surroundings.start('worker'),
    surroundings.start('api'),
    surroundings.start('api', { RESEND_WINDOW: '1h' }),
  ]);
  forgotten = await Promise.all([sendAndDelete(), sendAndDelete(), sendAndDelete()]);
});

afterAll(() => Promise.all([surroundings.close(), client.connection.close()]));

describe('a webhook again', () => {
  it('of the other outcome, is another mail', async () => {
    const { taskId, address } = await surroundings.addUpload({ status: 'completed' });
    await surroundings.notify(closing, { taskId });
    surroundings.provider.setStatus(taskId, 'failed');

    await surroundings.notify(closing, { taskId, failed: 2 });

    expect(await messageIdsTo(address)).toEqual([
      `<bulk.${taskId}.completed@boltroute.example>`,
      `<bulk.${taskId}.failed@boltroute.example>`,
    ]);
  });

  it('with other counts, of the outcome that the provider names for both, is no mail', async () => {
    const { taskId, address } = await surroundings.addUpload({ status: 'completed' });
    await surroundings.notify(closing, { taskId });

    await surroundings.notify(closing, { taskId, failed: 2 });

    expect(await resultOf(workflowId(taskId, 'failed'))).toMatchObject({ state: 'handed_over' });
    expect(await messageIdsTo(address)).toEqual([`<bulk.${taskId}.completed@boltroute.example>`]);
  });
});

describe('resend of an open run', () => {
  it('that waits for the relay, sends now', async () => {
    const { relay } = surroundings;
    const { taskId, address } = await surroundings.addUpload();
    const id = workflowId(taskId, 'completed');
    relay.answer({ step: 'mail-from', code: 451, text: '4.3.0 not now', times: Infinity });
    await surroundings.post(closing, { taskId });
    await until('the relay has refused', () => worker.lines.some(isFailureOf(taskId)));
    relay.answerNormally();

    const asked = Date.now();
    await client.workflow.getHandle(id).signal('resend', { requestId: 'now' });

    expect(await resultOf(id)).toMatchObject({ state: 'sent' });
    expect(Date.now() - asked).toBeLessThan(20_000);
    expect(await messageIdsTo(address)).toEqual([`<bulk.${taskId}.completed@boltroute.example>`]);
    const { event, attempts, resends } = await ledgerOf(id);
    expect(event).toMatchObject({ state: 'sent', sent_count: 1 });
    expect(attempts).toMatchObject([{ state: 'deferred' }, { state: 'accepted' }]);
    expect(resends).toMatchObject([{ request_id: 'now', resend: 0 }]);
  });

  it('that has sent, sends one more for each request ID, under a name of its own', async () => {
    const { taskId, address } = await surroundings.addUpload();
    const id = workflowId(taskId, 'completed');
    await surroundings.notify(open, { taskId });
    const handle = client.workflow.getHandle(id);

    await handle.signal('resend', { requestId: 'once', requestedBy: 'Kim', reason: 'lost' });
    await handle.signal('resend', { requestId: 'once', requestedBy: 'Kim', reason: 'lost' });
    await untilSent(id, 2);

    expect(await messageIdsTo(address)).toEqual([
      `<bulk.${taskId}.completed@boltroute.example>`,
      `<bulk.${taskId}.completed.1@boltroute.example>`,
    ]);
    expect((await ledgerOf(id)).resends).toEqual([
      { request_id: 'once', resend: 1, requested_by: 'Kim', reason: 'lost' },
    ]);
    await handle.terminate();
  });

  it('survives whatever is typed into the signal', async () => {
    const { taskId, address } = await surroundings.addUpload();
    const id = workflowId(taskId, 'completed');
    await surroundings.notify(open, { taskId });
    const handle = client.workflow.getHandle(id);
    const typed = [
      [{ requestedBy: 'Kim' }],
      [],
      ['x'],
      [7],
      [null],
      [['x']],
      [{ requestId: 5, requestedBy: {}, reason: ['\u0000'] }],
      [{ requestId: 'long\u0000', reason: '\ud800' + 'x'.repeat(5_000) }, 'one too many'],
    ];

    for (const [i, signalArgs] of typed.entries()) {
      await handle.signal('resend', ...signalArgs);
      await untilSent(id, i + 2);
    }

    expect((await handle.describe()).status.name).toBe('RUNNING');
    expect(new Set(await messageIdsTo(address)).size).toBe(typed.length + 1);
    const { resends } = await ledgerOf(id);
    expect(resends.map(({ resend }) => resend)).toEqual(typed.map((_, i) => i + 1));
    expect(resends.at(0)).toMatchObject({ requested_by: 'Kim' });
    expect(resends.at(-1)).toMatchObject({ request_id: 'long' });
    await handle.terminate();
  });

  it('that is parked without a recipient, sends the mail when there is one', async () => {
    const { taskId, userId } = await surroundings.addUpload({ email: null });
    const id = workflowId(taskId, 'completed');
    const handle = client.workflow.getHandle(id);
    await surroundings.notify(open, { taskId });
    const parkReason = async () =>
      (await handle.describe()).typedSearchAttributes.get(searchAttributes.parkReason);
    expect(await parkReason()).toBe('recipient_missing');
    expect((await ledgerOf(id)).event).toMatchObject({ state: 'parked' });
    const address = `late-${userId}@customer.example`;
    await addUser(surroundings.postgres.url, { userId, profileEmail: address });

    await handle.signal('resend');
    await untilSent(id, 1);

    expect(await messageIdsTo(address)).toEqual([`<bulk.${taskId}.completed@boltroute.example>`]);
    expect(await parkReason()).toBeUndefined();
    expect((await ledgerOf(id)).event).toMatchObject({ state: 'sent', reason: null });
    await handle.terminate();
  });
});

describe('resend by the command line', () => {
  it('of a closed run, sends one more for each request ID, with who and why', async () => {
    const { taskId, address } = await surroundings.addUpload();
    const id = workflowId(taskId, 'completed');
    await surroundings.notify(closing, { taskId });

    await surroundings.run('resend', taskId, 'completed', ...WHY, '--request-id', 'T-1');
    const result = await resultOf(id);
    await surroundings.run('resend', taskId, 'completed', ...WHY, '--request-id', 'T-1');
    const again = await resultOf(id);

    expect(result).toMatchObject({ state: 'sent', fileName: 'customers.csv', emailCount: 12 });
    expect(again).toMatchObject({ state: 'sent' });
    expect(await messageIdsTo(address)).toEqual([
      `<bulk.${taskId}.completed@boltroute.example>`,
      `<bulk.${taskId}.completed.1@boltroute.example>`,
    ]);
    const { event, resends } = await ledgerOf(id);
    expect(event).toMatchObject({ state: 'sent', sent_count: 2 });
    expect(resends).toEqual([
      { request_id: 'T-1', resend: 1, requested_by: 'Kim', reason: 'lost in their filter' },
    ]);
  });
});

describe('resends that race with the closing of a run', () => {
  const RUNS = [0, 1, 2, 3];
  const REQUESTS = [1, 2, 3, 4, 5];

  it('are all recorded and answered', async () => {
    const { taskQueue } = surroundings;
    const notifications = createNotifications({ client, taskQueue, resendWindowMs: 1_000 });
    const uploads = await surroundings.addUploads(RUNS.map(() => ({})));

    await Promise.all(
      uploads.map(async ({ taskId }, run) => {
        await reportEvent(notifications, taskId);
        for (const request of REQUESTS) {
          await untilRecorded(workflowId(taskId, 'completed'), request);
          // From well before the window ends to well after.
          await delay(900 + 20 * (request - 1 + REQUESTS.length * run));
          await notifications.resend(taskId, 'completed', { requestId: `${request}` });
        }
      }),
    );

    for (const { taskId, address } of uploads) {
      const id = workflowId(taskId, 'completed');
      expect(await resultOf(id)).toMatchObject({ state: 'sent' });
      const { event, resends } = await ledgerOf(id);
      expect(event).toMatchObject({ state: 'sent', sent_count: REQUESTS.length + 1 });
      expect(resends.map(({ request_id, resend }) => [request_id, resend])).toEqual(
        REQUESTS.map((request) => [`${request}`, request]),
      );
      expect(new Set(await messageIdsTo(address)).size).toBe(REQUESTS.length + 1);
    }
  });

  it('all at once, are all recorded, and each is answered by a mail after it', async () => {
    const { taskQueue } = surroundings;
    const notifications = createNotifications({ client, taskQueue, resendWindowMs: 1_000 });
    const { taskId, address } = await surroundings.addUpload();
    const id = workflowId(taskId, 'completed');
    await reportEvent(notifications, taskId);
    await untilRecorded(id, 1);
    await delay(950);

    await Promise.all(
      Array.from({ length: 20 }, async (_, i) => {
        await delay(10 * i);
        await notifications.resend(taskId, 'completed', { requestId: `${i}` });
      }),
    );

    expect(await resultOf(id)).toMatchObject({ state: 'sent' });
    const { event, resends } = await ledgerOf(id);
    expect(event).toMatchObject({ state: 'sent' });
    expect(resends).toHaveLength(20);
    const lastCopy = Math.max(...resends.map(({ resend }) => resend));
    expect(await messageIdsTo(address)).toHaveLength(lastCopy + 1);
    expect(event?.sent_count).toBe(lastCopy + 1);
  });
});

describe('of a run that Temporal has forgotten', () => {
  beforeAll(async () => {
    const isForgotten = ({ taskId }: { taskId: string }) =>
      client.workflow
        .getHandle(workflowId(taskId, 'completed'))
        .describe()
        .then(
          () => false,
          (err: unknown) => err instanceof WorkflowNotFoundError,
        );
    await until('Temporal has forgotten them', async () =>
      (await Promise.all(forgotten.map(isForgotten))).every(Boolean),
    );
  });

  it('the webhook finds the mail sent and sends no other', async () => {
    const { taskId, address } = forgotten[0]!;

    const status = await surroundings.notify(closing, { taskId });

    expect(status).toMatchObject({ state: 'sent' });
    expect(await resultOf(workflowId(taskId, 'completed'))).toMatchObject({ state: 'sent' });
    expect(await messageIdsTo(address)).toEqual([`<bulk.${taskId}.completed@boltroute.example>`]);
  });

  it('a resend with --unless-sent reads as sent, and sends nothing', async () => {
    const { taskId, address } = forgotten[2]!;

    await surroundings.run('resend', taskId, 'completed', ...WHY, '--unless-sent');

    const id = workflowId(taskId, 'completed');
    const relayReply = expect.stringMatching(/^250 /);
    expect(await resultOf(id)).toMatchObject({ state: 'sent', relayReply });
    expect(await messageIdsTo(address)).toHaveLength(1);
    expect((await ledgerOf(id)).resends).toEqual([]);
  });

  it('a resend is one more mail', async () => {
    const { taskId, address } = forgotten[1]!;

    await surroundings.run('resend', taskId, 'completed', ...WHY, '--request-id', 'T-2');

    const id = workflowId(taskId, 'completed');
    expect(await resultOf(id)).toMatchObject({ state: 'sent' });
    expect(await messageIdsTo(address)).toEqual([
      `<bulk.${taskId}.completed@boltroute.example>`,
      `<bulk.${taskId}.completed.1@boltroute.example>`,
    ]);
    expect((await ledgerOf(id)).resends).toMatchObject([{ request_id: 'T-2', resend: 1 }]);
  });
});

async function sendAndDelete() {
  const upload = await surroundings.addUpload();
  const id = workflowId(upload.taskId, 'completed');
  await surroundings.notify(closing, { taskId: upload.taskId });
  await resultOf(id);
  const { namespace } = client.options;
  const workflowExecution = { workflowId: id };
  await client.workflowService.deleteWorkflowExecution({ namespace, workflowExecution });
  return upload;
}

function ledgerOf(id: string) {
  return readLedger(surroundings.postgres.url, id);
}

async function untilRecorded(id: string, copies: number): Promise<void> {
  const isRecorded = async () => {
    const { event } = await ledgerOf(id);
    return event?.state === 'sent' && event.sent_count === copies;
  };
  await until(`${copies} are sent`, isRecorded);
}

/** So many copies by the ledger, and nothing more to be done by the run, which is open. */
async function untilSent(id: string, copies: number): Promise<void> {
  await untilRecorded(id, copies);
  const handle = client.workflow.getHandle(id);
  await until('the run says so', async () => (await handle.query(statusQuery)).state === 'sent');
}

function resultOf(id: string): Promise<NotificationStatus> {
  return client.workflow.getHandle(id).result() as Promise<NotificationStatus>;
}

async function messageIdsTo(address: string | null) {
  const { received } = surroundings.relay;
  const mails = received.filter(({ envelope }) => envelope.to.includes(address ?? ''));
  const parsed = await Promise.all(mails.map(({ raw }) => simpleParser(raw)));
  return parsed.map(({ messageId }) => messageId);
}

function isFailureOf(taskId: string) {
  return ({ event, task_id }: { event: string; task_id?: unknown }) =>
    event === 'bulk_upload_notification.smtp_send_failed' && task_id === taskId;
}
