import type { WorkflowHandle } from '@temporalio/client';
import { randomUUID } from 'node:crypto';
import type { Verdict } from '../../../activities/send/mailer';
import type { Task } from '../../../workflows/core/decision';
import { statusQuery } from '../../../workflows/notification/messages';
import { accepted, createFakes, type Fakes } from '../../support/fakes';
import { useLedger } from '../../support/use-ledger';
import { resetRun } from '../../support/reset-run';
import { until } from '../../../tools/sandbox/until';
import { startForResend, useTemporal, withWorker } from '../../support/workflow-worker';

const WINDOW = { resendWindowMs: 3_600_000 };
const UNLESS_SENT = { unlessSent: true };
const DEFERRED: Verdict = {
  ...{ verdict: 'deferred', step: 'connect', reply: 'no', configuration: false },
};

const temporal = useTemporal();
const { postgres } = useLedger();

describe('a request with unlessSent', () => {
  it('leaves an open run sent, and a plain request after it is answered', async () => {
    await withRun(async ({ handle, fakes, answered }) => {
      await isIn(handle, 'sent');
      const before = await handle.query(statusQuery);

      await handle.signal('resend', UNLESS_SENT);
      await answered(1);

      expect(await handle.query(statusQuery)).toEqual(before);
      expect(await postgres.resendsOf(handle.workflowId)).toEqual([]);
      await handle.signal('resend');
      await until('the resend is sent', () => fakes.sent.length === 2);
    });
  });

  it.each<[string, unknown, mails: number]>([
    ['text', 'yes', 1],
    ['a number', 1, 1],
    ['an object', {}, 1],
    ['false', false, 2],
    ['null', null, 2],
  ])('takes whatever an operator typed: %s', async (_what, unlessSent, mails) => {
    await withRun(async ({ handle, fakes, answered }) => {
      await isIn(handle, 'sent');

      await handle.signal('resend', { unlessSent });
      await answered(1);

      await isIn(handle, 'sent');
      expect(fakes.sent).toHaveLength(mails);
    });
  });

  it('makes what waits try now, and is recorded', async () => {
    await withRun(
      async ({ handle, fakes }) => {
        await until('the first attempt has failed', () => attemptsAre(handle, 1));
        fakes.answerBy({ verdicts: [accepted] });

        await handle.signal('resend', { ...UNLESS_SENT, requestId: 'now' });

        await isIn(handle, 'sent');
        expect(fakes.sent).toHaveLength(1);
        const recorded = [{ request_id: 'now', resend: 0 }];
        expect(await postgres.resendsOf(handle.workflowId)).toMatchObject(recorded);
      },
      { verdicts: [DEFERRED] },
    );
  });

  it('makes a resend that waits try now, and adds none', async () => {
    await withRun(async ({ handle, fakes, answered }) => {
      await isIn(handle, 'sent');
      fakes.answerBy({ verdicts: [DEFERRED] });
      await handle.signal('resend');
      await until('the resend has failed', () => attemptsAre(handle, 2));
      fakes.answerBy({ verdicts: [accepted] });

      await handle.signal('resend', UNLESS_SENT);
      await answered(2);

      await isIn(handle, 'sent');
      expect(fakes.sent).toHaveLength(2);
      expect(await postgres.resendsOf(handle.workflowId)).toHaveLength(1);
    });
  });

  it.each([0, 1])(
    'that comes while attempt %d is being accepted, adds no mail',
    async (deferredBefore) => {
      const held = holdAttempt(deferredBefore);
      await withRun(
        async ({ handle, fakes, answered }) => {
          if (deferredBefore > 0) {
            await until('the first attempt has failed', () => attemptsAre(handle, 1));
            await handle.signal('resend', { requestId: 'plain' });
          }
          await held.underWay;
          await handle.signal('resend', UNLESS_SENT);
          held.release();
          await answered(deferredBefore + 1);

          await isIn(handle, 'sent');
          expect(fakes.sent).toHaveLength(1);
          expect(await postgres.eventOf(handle.workflowId)).toMatchObject({ sent_count: 1 });
        },
        { verdicts: deferredBefore > 0 ? [DEFERRED, accepted] : [accepted] },
        held.on,
      );
    },
  );

  it('changes nothing when the run is reset', async () => {
    await withRun(async ({ handle, fakes, answered }) => {
      await isIn(handle, 'sent');
      await handle.signal('resend', UNLESS_SENT);
      await answered(1);

      const again = await resetRun(temporal.client, handle);

      await isIn(again, 'sent');
      await until('the request is repeated', () => requestsAre(again, 1));
      expect(fakes.sent).toHaveLength(1);
    });
  });

  it('leaves the details as they were after the ledger had to be waited for', async () => {
    await withRun(
      async ({ handle, answered }) => {
        await isIn(handle, 'sent');

        await handle.signal('resend', UNLESS_SENT);
        await answered(2);

        const waits = async () => (await detailsOf(handle)).startsWith('**Waiting');
        await until('the run waits no more', async () => !(await waits()));
        expect(await detailsOf(handle)).toContain('**Sent: the relay accepted the mail**');
      },
      {},
      failFirstRequest,
    );
  });
});

describe('a request with unlessSent, for a run that has closed', () => {
  it('ends as sent with what the ledger has', async () => {
    const fakes = createFakes({ ledger: postgres.ledger });

    const result = await resendClosed(fakes);

    expect(result).toMatchObject({
      ...{ state: 'sent', relayReply: accepted.reply, fileName: 'customers.csv', emailCount: 12 },
    });
    expect(fakes.sent).toHaveLength(1);
    expect(fakes.asked).toHaveLength(1);
  });

  it('ends as parked when the mail may have been sent', async () => {
    const ambiguous: Verdict = { verdict: 'ambiguous', reply: 'the connection broke' };
    const fakes = createFakes({
      ...{ ledger: postgres.ledger, policy: 'park', verdicts: [ambiguous, accepted] },
    });

    const result = await resendClosed(fakes);

    expect(result).toMatchObject({ state: 'parked', reason: 'uncertain' });
    expect(fakes.sent).toHaveLength(0);
  });

  it('sends what was parked', async () => {
    const fakes = createFakes({
      ledger: postgres.ledger,
      addresses: [[], [], ['owner@customer.example']],
    });

    const result = await resendClosed(fakes, () =>
      fakes.answerBy({ addresses: [['owner@customer.example']] }),
    );

    expect(result).toMatchObject({ state: 'sent' });
    expect(fakes.sent).toHaveLength(1);
  });
});

describe('a run that was started for a request', () => {
  it.each<[string, Partial<Task>]>([
    ['the outcome', { fileStatus: undefined }],
    ['the user', { userId: undefined }],
    ['the count', { emailCount: undefined }],
    ['the file', { fileBacked: false }],
  ])('is parked when nobody knows %s', async (_what, task) => {
    const fakes = createFakes({ ledger: postgres.ledger, tasks: [task] });

    await withWorker({ ...temporal, fakes }, async (_start, taskQueue) => {
      const { client } = temporal;
      const taskId = randomUUID();
      const handle = await startForResend({ client, taskQueue, taskId });

      const parked = { state: 'parked', reason: 'task_metadata_missing' };
      expect(await handle.result()).toMatchObject(parked);
      expect(await postgres.eventOf(handle.workflowId)).toMatchObject(parked);
    });

    expect(fakes.sent).toHaveLength(0);
    expect(fakes.nothingToSend).toEqual([]);
  });
});

interface Run {
  handle: WorkflowHandle;
  fakes: Fakes;
  /** Waits until the run has asked the ledger about so many requests. */
  answered: (count: number) => Promise<void>;
}

/** An open run on the real ledger. */
async function withRun(
  body: (run: Run) => Promise<void>,
  answers: Parameters<typeof createFakes>[0] = {},
  change: (fakes: Fakes) => void = () => undefined,
): Promise<void> {
  const fakes = createFakes({ ...answers, ledger: { ...postgres.ledger } });
  change(fakes);
  await withWorker({ ...temporal, fakes }, async (start) => {
    const { workflowId } = await start({}, 'completed', WINDOW);
    const handle = temporal.client.workflow.getHandle(workflowId);
    const answered = (count: number) =>
      until(`${count} requests are answered`, () => requestsAre(handle, count));
    await body({ handle, fakes, answered });
    await temporal.client.workflow.getHandle(workflowId).terminate();
  });
}

/** A run that closes when it has settled, and then one for a request with unlessSent. */
async function resendClosed(fakes: Fakes, between: () => void = () => undefined) {
  return withWorker({ ...temporal, fakes }, async (start, taskQueue) => {
    const first = await start();
    await first.result();
    between();
    const taskId = first.workflowId.split(':')[1] ?? '';
    const { client } = temporal;
    const second = await startForResend({ client, taskQueue, taskId, signal: UNLESS_SENT });
    return second.result();
  });
}

/** Holds the attempt after so many until it is released. */
function holdAttempt(before: number) {
  let release = (): void => undefined;
  let begin = (): void => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  const underWay = new Promise<void>((resolve) => (begin = resolve));
  let attempts = 0;

  function on({ dependencies: { mailer } }: Fakes): void {
    const { send } = mailer;
    mailer.send = async (...args) => {
      if (attempts++ === before) {
        begin();
        await released;
      }
      return send(...args);
    };
  }
  return { on, underWay, release };
}

function failFirstRequest({ dependencies: { ledger } }: Fakes): void {
  const { requestResend } = ledger;
  let requests = 0;
  ledger.requestResend = (...args) =>
    requests++ === 0 ? Promise.reject(new Error('not now')) : requestResend(...args);
}

const isIn = (handle: WorkflowHandle, state: string) =>
  until(`the run reads as ${state}`, async () => {
    const status = await handle.query(statusQuery);
    return status.state === state;
  });

const attemptsAre = async ({ workflowId }: WorkflowHandle, count: number) => {
  const attempts = await postgres.attemptsOf(workflowId);
  return attempts.filter(({ settled_at }) => settled_at !== null).length === count;
};

/** Calls of recordRequest: a local one leaves a marker, a durable one the event of its end. */
async function requestsAre(handle: WorkflowHandle, count: number): Promise<boolean> {
  const { events = [] } = await handle.fetchHistory();
  const ends = events?.filter((event) => {
    const marker = event.markerRecordedEventAttributes?.details?.data?.payloads?.[0]?.data;
    const isRecord = Buffer.from(marker ?? []).includes('recordRequest');
    return isRecord || event.activityTaskCompletedEventAttributes;
  });
  return (ends?.length ?? 0) >= count;
}

async function detailsOf(handle: WorkflowHandle): Promise<string> {
  const metadata = await handle.query<{ currentDetails?: string }>('__temporal_workflow_metadata');
  return metadata.currentDetails ?? '';
}
