import type { WorkflowHandle } from '@temporalio/client';
import { randomUUID } from 'node:crypto';
import type { Verdict } from '../../../activities/send/mailer';
import type { TaskApiFault } from '../../../activities/task/task-api';
import type { bulkUploadNotification } from '../../../workflows';
import {
  resendSignal,
  type ResendSignal,
  statusQuery,
} from '../../../workflows/notification/messages';
import { startOptions } from '../../../workflows/notification/start-options';
import { workflowId } from '../../../workflows/core/workflow-id';
import { createFakes, type Fakes } from '../../support/fakes';
import { createMemoryLedger } from '../../support/memory-ledger';
import { retryNow } from '../../support/retry-now';
import { until } from '../../../tools/sandbox/until';
import { useTemporal, withLateWorker, withWorker } from '../../support/workflow-worker';

const WINDOW = { resendWindowMs: 3_600_000 };

const temporal = useTemporal();

describe('resend', () => {
  it('while a send waits for its next attempt, makes it now', async () => {
    const fakes = createFakes({
      verdicts: [{ verdict: 'deferred', step: 'connect', reply: 'no', configuration: false }],
    });
    let attempts = 0;
    const { send } = fakes.dependencies.mailer;
    fakes.dependencies.mailer.send = (...args) => ((attempts += 1), send(...args));

    const result = await withWorker({ ...temporal, fakes }, async (start) => {
      const handle = await start();
      await until('the first attempt has failed', () => attempts === 1);
      fakes.answerBy({ verdicts: [{ verdict: 'accepted', reply: '250 ok' }] });
      await handle.signal(resendSignal, { requestId: 'now' });
      return handle.result();
    });

    expect(result).toMatchObject({ state: 'sent' });
    expect(fakes.sent).toHaveLength(1);
  });

  it('while a look-up waits, looks up now', async () => {
    const fakes = createFakes({
      tasks: [{ fault: 'unauthorized', message: 'the provider answered 401', status: 401 }],
    });

    const result = await withWorker({ ...temporal, fakes }, async (start) => {
      const handle = await start();
      await until('both looks have failed', () => fakes.asked.length === 2);
      fakes.answerBy({ tasks: [{}] });
      await handle.signal(resendSignal);
      return handle.result();
    });

    expect(result).toMatchObject({ state: 'sent' });
    expect(fakes.sent).toHaveLength(1);
  });

  it.each(['fetchTask', 'resolveRecipient', 'sendMail'] as const)(
    'while an attempt of %s is under way, which then fails, begins the delivery anew',
    async (step) => {
      const fakes = createFakes();
      const attempt = failSecondAttempt(fakes, step);

      const result = await withWorker({ ...temporal, fakes }, async (start) => {
        const handle = await start();
        if (step === 'sendMail') {
          await until('it waits', async () => Boolean(await firstFailureOf(handle)));
          await retryNow(temporal.client, handle.workflowId, step);
        }
        await until('the attempt is under way', attempt.isUnderWay);
        await handle.signal(resendSignal, { requestId: 'now' });
        await until('its cancellation is requested', async () => isCancelRequested(handle));
        attempt.fail();
        return handle.result();
      });

      expect(result).toMatchObject({ state: 'sent' });
      expect(fakes.sent).toHaveLength(1);
    },
  );

  it('of a parked notification looks everything up again', async () => {
    const fakes = createFakes({ addresses: [[]] });

    const status = await withWorker({ ...temporal, fakes }, async (start) => {
      const handle = await start({}, 'completed', WINDOW);
      const state = async () => (await handle.query(statusQuery)).state;
      await until('it is parked', async () => (await state()) === 'parked');
      fakes.answerBy({ addresses: [['found@customer.example']] });
      await handle.signal(resendSignal);
      await until('it is sent', async () => (await state()) === 'sent');
      const settled = await handle.query(statusQuery);
      await handle.terminate();
      return settled;
    });

    expect(status).not.toHaveProperty('reason');
    expect(fakes.sent).toMatchObject([{ to: 'found@customer.example' }]);
  });

  it('that the ledger knows already is answered instead of the send before it', async () => {
    const ledger = createMemoryLedger();
    const fakes = createFakes({
      ledger,
      addresses: [['old@customer.example'], ['new@customer.example']],
    });
    const answering: number[] = [];
    const { claim } = ledger;
    ledger.claim = (attempt) => {
      answering.push(attempt.recordedRequests);
      return attempt.recordedRequests > 0
        ? claim(attempt)
        : Promise.resolve({ status: 'superseded' });
    };

    const result = await withWorker({ ...temporal, fakes }, async (_start, taskQueue) => {
      const handle = await startAsked(taskQueue, 'request-1');
      return handle.result();
    });

    expect(result).toMatchObject({ state: 'sent' });
    expect(answering).toEqual([0, 1]);
    expect(fakes.sent).toMatchObject([{ to: 'new@customer.example' }]);
  });

  it('of each of those that a lost worker had recorded gets its copy', async () => {
    const ledger = createMemoryLedger();
    const { claim } = ledger;
    ledger.claim = (attempt) =>
      attempt.resend < 2
        ? Promise.resolve({ status: 'sent', runId: attempt.runId, reply: '250 before' })
        : claim(attempt);
    ledger.requestResend = (_eventId, { requestId }) => {
      const resend = requestId === 'first' ? 1 : 2;
      return Promise.resolve({ resend, recordedRequests: resend });
    };
    const fakes = createFakes({
      ledger,
      addresses: [new Error('the database is down'), ['owner@customer.example']],
    });

    const result = await withLateWorker({ ...temporal, fakes }, async (start) => {
      const handle = await start();
      await handle.signal(resendSignal, { requestId: 'first' });
      await handle.signal(resendSignal, { requestId: 'second' });
      return () => handle.result();
    });

    expect(result).toMatchObject({ state: 'sent' });
    expect(fakes.sent.map(({ messageId }) => messageId)).toEqual([
      expect.stringContaining('.completed.2@'),
    ]);
  });

  it('says, when it parks, how many requests the run has recorded', async () => {
    const ledger = createMemoryLedger();
    const fakes = createFakes({ ledger, addresses: [[]] });
    const answering: number[] = [];
    ledger.park = (_eventId, _reason, { recordedRequests }) => {
      answering.push(recordedRequests);
      return Promise.resolve(undefined);
    };

    await withWorker({ ...temporal, fakes }, async (_start, taskQueue) => {
      const handle = await startAsked(taskQueue, 'request-1');
      return handle.result();
    });

    expect(answering).toEqual([0, 1]);
  });

  it('of an upload whose provider names the other outcome parks its row, and hands over', async () => {
    const ledger = createMemoryLedger();
    const fakes = createFakes({ ledger, tasks: [{ fileStatus: 'failed' }] });

    const { result, other } = await withWorker(
      { ...temporal, fakes },
      async (_start, taskQueue) => {
        const handle = await startAsked(taskQueue, 'request-1');
        const closed = await handle.result();
        const { handedOverTo = '' } = closed;
        const sender = temporal.client.workflow.getHandle(handedOverTo);
        return { result: closed, other: (await sender.result()) as unknown };
      },
    );

    expect(result).toMatchObject({ state: 'handed_over' });
    expect(other).toMatchObject({ state: 'sent', outcome: 'failed' });
    expect(ledger.parked).toEqual(['task_metadata_missing']);
    expect(fakes.sent).toHaveLength(1);
  });

  it('of a sent notification sends another copy, once for each request', async () => {
    const fakes = createFakes();

    await withWorker({ ...temporal, fakes }, async (start) => {
      const handle = await start({}, 'completed', WINDOW);
      await until('it is sent', () => fakes.sent.length === 1);
      await handle.signal(resendSignal, { requestId: 'a' });
      await handle.signal(resendSignal, { requestId: 'a' });
      await handle.signal(resendSignal, { requestId: 'b' });
      await until('both copies are sent', () => fakes.sent.length === 3);
      await handle.query(statusQuery);
      await handle.terminate();
    });

    expect(fakes.sent.map(({ messageId }) => messageId)).toEqual([
      expect.stringContaining('.completed@'),
      expect.stringContaining('.completed.1@'),
      expect.stringContaining('.completed.2@'),
    ]);
  });

  it.each<[string, unknown[]]>([
    ['nothing', []],
    ['text', ['again, please']],
    ['a number', [7]],
    ['null', [null]],
    ['fields of other types', [{ requestId: 5, requestedBy: {}, reason: ['x'] }]],
  ])('takes whatever an operator typed: %s', async (_, signalArgs) => {
    const fakes = createFakes();

    await withWorker({ ...temporal, fakes }, async (start) => {
      const handle = await start({}, 'completed', WINDOW);
      await until('it is sent', () => fakes.sent.length === 1);
      await handle.signal('resend', ...signalArgs);
      await until('the copy is sent', () => fakes.sent.length === 2);
      await handle.terminate();
    });

    expect(fakes.sent).toHaveLength(2);
  });
});

describe('cancelling a run', () => {
  it.each(['fetchTask', 'resolveRecipient', 'sendMail'] as const)(
    'while an attempt of %s is under way, which then fails, ends it as cancelled',
    async (step) => {
      const fakes = createFakes();
      const attempt = failSecondAttempt(fakes, step);

      await withWorker({ ...temporal, fakes }, async (start) => {
        const handle = await start();
        if (step === 'sendMail') {
          await until('it waits', async () => Boolean(await firstFailureOf(handle)));
          await retryNow(temporal.client, handle.workflowId, step);
        }
        await until('the attempt is under way', attempt.isUnderWay);
        await handle.cancel();
        await until('its cancellation is requested', async () => isCancelRequested(handle));
        attempt.fail();
        await handle.result().catch(() => undefined);

        const { status } = await handle.describe();
        expect(status.name).toBe('CANCELLED');
      });

      expect(fakes.sent).toHaveLength(0);
    },
  );
});

/** A run whose first workflow task brings the request with it. */
function startAsked(taskQueue: string, requestId: string) {
  const event = { taskId: randomUUID(), isVerified: true, stats: { completed: 12 }, jobCount: 12 };
  return temporal.client.workflow.signalWithStart<typeof bulkUploadNotification, [ResendSignal?]>(
    'bulkUploadNotification',
    {
      workflowId: workflowId(event.taskId, 'completed'),
      taskQueue,
      signal: resendSignal,
      signalArgs: [{ requestId }],
      ...startOptions(event, 'completed', { resendWindowMs: 0 }),
    },
  );
}

type InterruptedStep = 'fetchTask' | 'resolveRecipient' | 'sendMail';

/** The first attempt fails inside the workflow task; the second when it is told to; the third succeeds. */
function failSecondAttempt({ dependencies }: Fakes, step: InterruptedStep) {
  const { taskApi, recipients, mailer } = dependencies;
  const unavailable: TaskApiFault = {
    fault: 'unavailable',
    message: 'the provider does not answer',
  };
  const deferred: Verdict = {
    ...{ verdict: 'deferred', step: 'connect', reply: 'no', configuration: false },
  };
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  let attempts = 0;

  async function whether<T>(failed: () => T, call: () => Promise<T>): Promise<T> {
    attempts += 1;
    if (attempts > 2) return call();
    if (attempts === 2) await released;
    return failed();
  }
  const { fetchTask } = taskApi;
  const { findAddresses } = recipients;
  const { send } = mailer;
  const failed = (): never => {
    throw new Error('the database does not answer');
  };
  if (step === 'fetchTask')
    taskApi.fetchTask = (...args) =>
      whether(
        () => unavailable,
        () => fetchTask(...args),
      );
  if (step === 'resolveRecipient')
    recipients.findAddresses = (...args) => whether(failed, () => findAddresses(...args));
  if (step === 'sendMail')
    mailer.send = (...args) =>
      whether(
        () => deferred,
        () => send(...args),
      );
  return { isUnderWay: () => attempts === 2, fail: release };
}

async function pendingOf(handle: WorkflowHandle) {
  return (await handle.describe()).raw.pendingActivities?.[0];
}

const firstFailureOf = async (handle: WorkflowHandle) => (await pendingOf(handle))?.lastFailure;

const PENDING_ACTIVITY_STATE_CANCEL_REQUESTED = 3;
const isCancelRequested = async (handle: WorkflowHandle) =>
  Number((await pendingOf(handle))?.state) === PENDING_ACTIVITY_STATE_CANCEL_REQUESTED;
