import type { WorkflowHandle } from '@temporalio/client';
import { resendSignal, statusQuery } from '../../workflows/notification/messages';
import { searchAttributes } from '../../workflows/core/search-attributes';
import { accepted, createFakes, type Fakes } from '../support/fakes';
import { useLedger } from '../support/use-ledger';
import { resetRun } from '../support/reset-run';
import { until } from '../../tools/sandbox/until';
import { startForResend, useTemporal, withWorker } from '../support/workflow-worker';

const WINDOW = { resendWindowMs: 3_600_000 };

const temporal = useTemporal();
const { postgres } = useLedger();

describe('a reset of a run that has sent its mail', () => {
  it('reads as sent and sends nothing again', async () => {
    await withRun(async ({ handle, fakes, sent }) => {
      await sent(1);
      await isSentIn(handle);

      const again = await reset(handle);

      await isSentIn(again);
      const { typedSearchAttributes } = await again.describe();
      expect(typedSearchAttributes.get(searchAttributes.state)).toBe('sent');
      expect(await detailsOf(again)).toContain('**Sent: the relay accepted the mail**');
      expect(fakes.sent).toHaveLength(1);
    });
  });

  it.each<[string, Parameters<Fakes['answerBy']>[0]]>([
    ['the recipient has no address any more', { addresses: [[]] }],
    ['the provider does not know the file any more', { tasks: [{ fileName: undefined }] }],
  ])('reads as sent when %s', async (_what, answers) => {
    await withRun(async ({ handle, fakes, sent }) => {
      await sent(1);
      await isSentIn(handle);
      fakes.answerBy(answers);

      const again = await reset(handle);

      await isSentIn(again);
      expect(await detailsOf(again)).toContain('- The relay said: `250 2.0.0 Ok: queued as 4711`');
      expect(await postgres.eventOf(handle.workflowId)).toMatchObject({ state: 'sent' });
    });
  });

  it('parks what is requested after it, when the recipient has no address any more', async () => {
    await withRun(async ({ handle, fakes, sent }) => {
      await sent(1);
      await isSentIn(handle);
      fakes.answerBy({ addresses: [[]] });
      const again = await reset(handle);
      await isSentIn(again);

      await again.signal(resendSignal);

      await until('the run reads as parked', async () => {
        const { state } = await again.query(statusQuery);
        return state === 'parked';
      });
      const parked = { state: 'parked', reason: 'recipient_missing', sent_count: 1 };
      expect(await postgres.eventOf(handle.workflowId)).toMatchObject(parked);
    });
  });

  it('does not answer requests without an ID again, of which each had its mail', async () => {
    await withRun(async ({ handle, fakes, sent }) => {
      await sent(1);
      await handle.signal(resendSignal);
      await sent(2);
      await handle.signal(resendSignal, { reason: 'once more' });
      await sent(3);

      const again = await reset(handle);

      await isSentIn(again);
      await until('the signals were repeated', async () => (await signalsOf(again)) === 2);
      await again.signal(resendSignal, { requestId: 'new' });
      await sent(4);
      expect(fakes.sent).toHaveLength(4);
      expect(await postgres.resendsOf(handle.workflowId)).toHaveLength(3);
    });
  });

  it('answers a request without an ID that comes after it, and not twice after another reset', async () => {
    await withRun(async ({ handle, fakes, sent }) => {
      await sent(1);
      await handle.signal(resendSignal);
      await sent(2);
      const second = await reset(handle);
      await isSentIn(second);
      await second.signal(resendSignal);
      await sent(3);

      const third = await reset(second);

      await isSentIn(third);
      await until('the signals were repeated', async () => (await signalsOf(third)) === 2);
      await isSentIn(third);
      expect(fakes.sent).toHaveLength(3);
    });
  });
});

describe('a reset of a run that waits with a request', () => {
  it('sends the mail that was asked for, once', async () => {
    await withRun(async ({ handle, fakes, sent }) => {
      await sent(1);
      fakes.answerBy({
        verdicts: [{ verdict: 'deferred', step: 'connect', reply: 'no', configuration: false }],
      });
      await handle.signal(resendSignal);
      const isRecorded = async () => (await postgres.resendsOf(handle.workflowId)).length === 1;
      await until('the request is recorded', isRecorded);
      await until('the send has failed', async () => (await attemptsOf(handle)) === 2);
      fakes.answerBy({ verdicts: [accepted] });

      const again = await reset(handle);

      await sent(2);
      await isSentIn(again);
      expect(fakes.sent).toHaveLength(2);
    });
  });
});

describe('a new run of a mail that was sent', () => {
  it('reads as sent when the recipient has no address any more', async () => {
    const fakes = createFakes({ ledger: postgres.ledger });
    await withWorker({ ...temporal, fakes }, async (start) => {
      const first = await start();
      await first.result();
      fakes.answerBy({ addresses: [[]] });

      const second = await start({ taskId: first.workflowId.split(':')[1] });

      expect(await second.result()).toMatchObject({ state: 'sent', relayReply: accepted.reply });
    });

    expect(fakes.sent).toHaveLength(1);
  });
});

describe('a new run for a request after the one before has closed', () => {
  it('is another request, though neither had an ID', async () => {
    const fakes = createFakes({ ledger: postgres.ledger });
    await withWorker({ ...temporal, fakes }, async (start, taskQueue) => {
      const first = await start();
      await first.result();
      const taskId = first.workflowId.split(':')[1] ?? '';
      for (const _ of ['once', 'twice']) {
        const { client } = temporal;
        const resent = await startForResend({ client, taskQueue, taskId, ...WINDOW });
        await isSentIn(resent);
        await resent.terminate();
      }
    });

    expect(fakes.sent).toHaveLength(3);
  });

  it('reads as sent when it is reset, and sends nothing again', async () => {
    const fakes = createFakes({ ledger: postgres.ledger });
    await withWorker({ ...temporal, fakes }, async (start, taskQueue) => {
      const first = await start();
      await first.result();
      const taskId = first.workflowId.split(':')[1] ?? '';
      const resent = await startForResend({ client: temporal.client, taskQueue, taskId });
      await resent.result();

      const again = await reset(resent);

      expect(await again.result()).toMatchObject({ state: 'sent' });
    });

    expect(fakes.sent).toHaveLength(2);
  });
});

interface Run {
  handle: WorkflowHandle;
  fakes: Fakes;
  /** Waits until the relay has so many mails. */
  sent: (count: number) => Promise<void>;
}

async function withRun(body: (run: Run) => Promise<void>): Promise<void> {
  const fakes = createFakes({ ledger: postgres.ledger });
  await withWorker({ ...temporal, fakes }, async (start) => {
    const handle = await start({}, 'completed', WINDOW);
    const sent = (count: number) =>
      until(`${count} mails are sent`, () => fakes.sent.length >= count);
    await body({ handle: temporal.client.workflow.getHandle(handle.workflowId), fakes, sent });
    await temporal.client.workflow.getHandle(handle.workflowId).terminate();
  });
}

const reset = (handle: WorkflowHandle) => resetRun(temporal.client, handle);

async function isSentIn(handle: WorkflowHandle): Promise<void> {
  const state = async () => {
    const { typedSearchAttributes } = await handle.describe();
    return typedSearchAttributes.get(searchAttributes.state);
  };
  await until('the run reads as sent', async () => (await state()) === 'sent');
  expect(await handle.query(statusQuery)).toMatchObject({ state: 'sent' });
}

async function signalsOf(handle: WorkflowHandle): Promise<number> {
  const { events } = await handle.fetchHistory();
  return (events ?? []).filter((event) => event.workflowExecutionSignaledEventAttributes).length;
}

const attemptsOf = async (handle: WorkflowHandle) =>
  (await postgres.attemptsOf(handle.workflowId)).length;

async function detailsOf(handle: WorkflowHandle): Promise<string | undefined> {
  const metadata = await handle.query<{ currentDetails?: string }>('__temporal_workflow_metadata');
  return metadata.currentDetails;
}
