import type { WorkflowHandle } from '@temporalio/client';
import { randomUUID } from 'node:crypto';
import type { BulkUploadEvent } from '../../../workflows/core/event';
import type { Task } from '../../../workflows/core/decision';
import type { TaskApiFault } from '../../../activities/task/task-api';
import type { Verdict } from '../../../activities/send/mailer';
import type { NotificationOptions } from '../../../workflows/notification/messages';
import { workflowId } from '../../../workflows/core/workflow-id';
import { accepted, createFakes } from '../../support/fakes';
import { createMemoryLedger } from '../../support/memory-ledger';
import { retryNow } from '../../support/retry-now';
import { until } from '../../../tools/sandbox/until';
import { useTemporal, withWorker } from '../../support/workflow-worker';

const temporal = useTemporal();

/** The owner that the fakes name. */
const USER = '6ba7b810-9dad-41d1-80b4-00c04fd430c8';

const unavailable: TaskApiFault = { fault: 'unavailable', message: 'the provider answered 503' };

describe('bulkUploadNotification', () => {
  it('sends one mail and shows a person what became of it', async () => {
    const fakes = createFakes();

    const { description, result } = await run(fakes, { userId: 'user-of-the-webhook' });

    expect(result).toMatchObject({ state: 'sent', fileName: 'customers.csv', emailCount: 12 });
    expect(fakes.sent).toMatchObject([{ to: 'owner@customer.example', text: '12 addresses' }]);
    expect(await description.staticSummary()).toBe('Bulk upload completed: 12 addresses');
    expect(attributesOf(description)).toEqual({
      TaskId: expect.any(String) as string,
      UserId: USER,
      NotificationOutcome: 'completed',
      NotificationState: 'sent',
    });
  });

  it.each([
    { sends: 'at once', hasRateLimit: false, resendWindowMs: 0, events: 6 },
    { sends: 'at once', hasRateLimit: false, resendWindowMs: 1, events: 12 },
    { sends: 'through the task queue', hasRateLimit: true, resendWindowMs: 0, events: 12 },
    { sends: 'through the task queue', hasRateLimit: true, resendWindowMs: 1, events: 18 },
  ])(
    'takes $events events when it sends $sends with a window of $resendWindowMs ms',
    async ({ hasRateLimit, resendWindowMs, events }) => {
      const fakes = createFakes({ hasRateLimit });

      const { description, result } = await run(fakes, { userId: USER }, { resendWindowMs });

      expect(result).toMatchObject({ state: 'sent' });
      expect(description.historyLength).toBe(events);
      // What is completed and says nothing else was sent.
      const state = resendWindowMs > 0 ? 'sent' : undefined;
      expect(attributesOf(description).NotificationState).toBe(state);
    },
  );

  it('sends durably what the attempt at once did not settle, after its delay', async () => {
    const deferred: Verdict = {
      ...{ verdict: 'deferred', step: 'rcpt-to', code: 450, configuration: false },
      reply: '450 4.2.0 try again in 1 second',
    };
    const fakes = createFakes({ verdicts: [deferred, accepted] });

    await withWorker({ ...temporal, fakes }, async (start) => {
      const handle = await start();
      const pending = async () => (await handle.describe()).raw.pendingActivities?.[0];
      await until('it waits', async () => Number((await pending())?.attempt) === 2);
      expect(await pending()).toMatchObject({
        activityType: { name: 'sendMail' },
        lastFailure: { message: `rcpt-to: ${deferred.reply}` },
      });
      expect(fakes.sent).toHaveLength(0);

      await retryNow(temporal.client, handle.workflowId, 'sendMail');
      expect(await handle.result()).toMatchObject({ state: 'sent' });
    });

    expect(fakes.sent).toHaveLength(1);
  });

  it.each<[string, Partial<Task>, Partial<BulkUploadEvent>]>([
    ['not_file_backed', { fileBacked: false }, {}],
    ['outcome_unknown', { fileStatus: undefined }, { stats: {} }],
    ['user_id_missing', { userId: undefined }, {}],
  ])(
    'closes at once, without a mail, when there is nothing to send: %s',
    async (reason, task, event) => {
      const fakes = createFakes({ tasks: [task] });

      const { result } = await run(fakes, event);

      expect(result).toMatchObject({ state: 'nothing_to_send', reason });
      expect(fakes.sent).toEqual([]);
      expect(fakes.nothingToSend).toEqual([reason]);
    },
  );

  it.each([
    ['recipient_missing', createFakes({ addresses: [[]] })],
    ['recipient_missing', createFakes({ addresses: [['a@b@c', 'not an address']] })],
    ['task_metadata_missing', createFakes({ tasks: [{ fileName: undefined }] })],
    [
      'refused',
      createFakes({
        verdicts: [{ verdict: 'refused', step: 'rcpt-to', code: 550, reply: '550 5.1.1 unknown' }],
      }),
    ],
  ])('parks what a person has to repair: %s', async (reason, fakes) => {
    const { result, description } = await run(fakes);

    expect(result).toMatchObject({ state: 'parked', reason });
    expect(attributesOf(description)).toMatchObject({
      NotificationState: 'parked',
      ParkReason: reason,
    });
  });

  it('looks things up again, durably, when the quick look failed', async () => {
    const fakes = createFakes({
      tasks: [unavailable, unavailable, {}],
      addresses: [new Error('the database did not answer (ECONNREFUSED)'), ['jane@example.org']],
    });

    const { result } = await run(fakes);

    expect(result).toMatchObject({ state: 'sent' });
    expect(fakes.asked).toHaveLength(3);
    expect(fakes.sent).toMatchObject([{ to: 'jane@example.org' }]);
  });

  it.each<[string, Partial<BulkUploadEvent>, Parameters<typeof createFakes>[0], object]>([
    [
      'the provider',
      { userId: 'u2', stats: { total: 7, completed: 7 } },
      { tasks: [{ userId: 'u1', fileName: 'leads.csv', emailCount: 12 }], addresses: [[]] },
      { userId: 'u1', fileName: 'leads.csv', emailCount: 12 },
    ],
    [
      'a verified webhook',
      { userId: 'u2', stats: { total: 7, completed: 7 } },
      { tasks: [{ fault: 'unavailable', message: 'down' }], giveUpAfterMs: 0 },
      { userId: 'u2', emailCount: 7 },
    ],
    [
      'nobody but an unsigned webhook',
      { userId: 'u2', stats: { total: 7, completed: 7 }, jobCount: 7, isVerified: false },
      { tasks: [{ fault: 'unavailable', message: 'down' }], giveUpAfterMs: 0 },
      {},
    ],
  ])('parks with the user, file and count that are known by %s', async (...row) => {
    const [, event, answers, known] = row;
    const ledger = createMemoryLedger();
    const parkings: object[] = [];
    ledger.park = (_eventId, _reason, { userId, fileName, emailCount }) => {
      parkings.push({ userId, fileName, emailCount });
      return Promise.resolve(undefined);
    };

    const { result } = await run(createFakes({ ...answers, ledger }), event);

    expect(result).toMatchObject({ state: 'parked' });
    expect(parkings).toEqual([known]);
  });

  it('hands over to the run of the outcome that the provider names', async () => {
    const fakes = createFakes({ tasks: [{ fileStatus: 'completed' }] });
    const taskId = randomUUID();
    const completed = workflowId(taskId, 'completed');

    const { result, other } = await withWorker({ ...temporal, fakes }, async (start) => {
      const handle = await start({ taskId, stats: { failed: 1 } }, 'failed');
      return {
        result: await handle.result(),
        other: (await temporal.client.workflow.getHandle(completed).result()) as unknown,
      };
    });

    expect(result).toMatchObject({ state: 'handed_over', handedOverTo: completed });
    expect(other).toMatchObject({ state: 'sent', outcome: 'completed' });
    expect(fakes.sent).toHaveLength(1);
  });

  it('hands over once: the run of that outcome may be closed already', async () => {
    const fakes = createFakes();
    const taskId = randomUUID();

    const results = await withWorker({ ...temporal, fakes }, async (start) => [
      await (await start({ taskId }, 'completed')).result(),
      await (await start({ taskId, stats: { failed: 1 } }, 'failed')).result(),
    ]);

    expect(results).toMatchObject([{ state: 'sent' }, { state: 'handed_over' }]);
    expect(fakes.sent).toHaveLength(1);
  });

  it('fails a run that was started under an ID of another task', async () => {
    const fakes = createFakes();
    const taskId = randomUUID();

    const failing = withWorker({ ...temporal, fakes }, async (start) => {
      const handle = await start({ taskId });
      await handle.result();
      await temporal.client.workflow.execute('bulkUploadNotification', {
        workflowId: workflowId(randomUUID(), 'completed'),
        taskQueue: (await handle.describe()).taskQueue,
        args: [{ taskId, stats: {}, jobCount: 0 }],
      });
    });

    await expect(failing).rejects.toMatchObject({ cause: { type: 'InvalidInput' } });
  });
});

/** Runs one notification to its end. */
async function run(
  fakes: ReturnType<typeof createFakes>,
  event: Partial<BulkUploadEvent> = {},
  options: NotificationOptions = { resendWindowMs: 0 },
) {
  const handle = await withWorker({ ...temporal, fakes }, async (start) => {
    const started = await start(event, 'completed', options);
    await started.result();
    return started;
  });
  return { result: await handle.result(), description: await handle.describe() };
}

type Description = Awaited<ReturnType<WorkflowHandle['describe']>>;

function attributesOf({ typedSearchAttributes }: Description): Record<string, unknown> {
  return Object.fromEntries(
    typedSearchAttributes
      .getAll()
      .filter(({ key }) => key.name !== 'BuildIds')
      .map(({ key, value }) => [key.name, value]),
  );
}
