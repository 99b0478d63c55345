import type { WorkflowHandle } from '@temporalio/client';
import { randomUUID } from 'node:crypto';
import type { Verdict } from '../../activities/send/mailer';
import { resendSignal, statusQuery, WORKFLOW_TYPE } from '../../workflows/notification/messages';
import { payloadConverter } from '../../workflows/payload-converter';
import { WATCH_TYPE } from '../../workflows/upload-watch/messages';
import { watchId } from '../../workflows/upload-watch/watch-id';
import { workflowId } from '../../workflows/core/workflow-id';
import { accepted, createFakes } from '../support/fakes';
import { until } from '../../tools/sandbox/until';
import { useTemporal, withWorker } from '../support/workflow-worker';

const WINDOW = { resendWindowMs: 3_600_000 };

interface Payload {
  metadata?: Record<string, Uint8Array>;
  data: Uint8Array;
}

const bytes = (text: string) => Buffer.from(text);
const payload = (encoding: string | undefined, data: Uint8Array): Payload => ({
  ...(encoding !== undefined && { metadata: { encoding: bytes(encoding) } }),
  data,
});

/** As the UI, another SDK, a foreign codec and a mistake in a terminal would send them. */
const UNREADABLE: [what: string, payloads: Payload[]][] = [
  ['json/protobuf', [payload('json/protobuf', bytes('{"reason":"lost"}'))]],
  ['binary/protobuf', [payload('binary/protobuf', bytes('\x01\x02'))]],
  ['binary/encrypted', [payload('binary/encrypted', Buffer.alloc(64, 7))]],
  ['no encoding', [payload(undefined, bytes('{}'))]],
  ['an empty encoding', [payload('', bytes('{}'))]],
  [
    'an encoding that is no UTF-8',
    [{ metadata: { encoding: Buffer.from([0xff]) }, data: bytes('') }],
  ],
  ['broken JSON', [payload('json/plain', bytes('{"requestId": '))]],
  ['JSON that is empty', [payload('json/plain', bytes(''))]],
  ['JSON that is no UTF-8', [payload('json/plain', Buffer.from([0x22, 0xff, 0xfe, 0x22]))]],
  ['bytes', [payload('binary/plain', Buffer.alloc(1_000, 1))]],
  ['many arguments', Array<Payload>(200).fill(payload('binary/encrypted', bytes('x')))],
];

const temporal = useTemporal();

describe('a resend signal whose payload cannot be decoded', () => {
  it.each(UNREADABLE)('counts as an empty request: %s', async (_what, payloads) => {
    const fakes = createFakes();

    await withWorker({ ...temporal, fakes }, async (start) => {
      const handle = await start({}, 'completed', WINDOW);
      await until('it is sent', () => fakes.sent.length === 1);
      await signal(handle.workflowId, payloads);
      await until('the copy is sent', () => fakes.sent.length === 2);
      expect(await taskFailures(handle)).toBe(0);
      await handle.terminate();
    });
  });

  it('starts a run that answers it', async () => {
    const fakes = createFakes();
    const taskId = randomUUID();

    const result = await withWorker({ ...temporal, fakes }, async (_start, taskQueue) => {
      const { client } = temporal;
      await client.workflowService.signalWithStartWorkflowExecution({
        ...{ namespace: client.options.namespace, requestId: randomUUID() },
        workflowId: workflowId(taskId, 'completed'),
        workflowType: { name: WORKFLOW_TYPE },
        taskQueue: { name: taskQueue },
        input: { payloads: [json({ taskId })] },
        signalName: resendSignal.name,
        signalInput: { payloads: [payload('binary/encrypted', bytes('x'))] },
      });
      return client.workflow.getHandle(workflowId(taskId, 'completed')).result();
    });

    expect(result).toMatchObject({ state: 'sent' });
    expect(fakes.sent).toHaveLength(1);
  });
});

describe('a status query whose payload cannot be decoded', () => {
  it.each(UNREADABLE)('is answered: %s', async (_what, payloads) => {
    const fakes = createFakes();

    const answer = await withWorker({ ...temporal, fakes }, async (start) => {
      const handle = await start();
      await handle.result();
      const { client } = temporal;
      return client.workflowService.queryWorkflow({
        namespace: client.options.namespace,
        execution: { workflowId: handle.workflowId },
        query: { queryType: statusQuery.name, queryArgs: { payloads } },
      });
    });

    const [result] = answer.queryResult?.payloads ?? [];
    expect(JSON.parse(Buffer.from(result?.data ?? []).toString())).toMatchObject({ state: 'sent' });
  });
});

describe('a start by hand whose input cannot be used', () => {
  const taskId = randomUUID();
  const id = () => workflowId(randomUUID(), 'completed');
  const OWN_ID = workflowId(taskId, 'completed');
  const watchOptions = { sweepAfterMs: 1, giveUpAfterMs: 1, resendWindowMs: 0 };

  it.each<[string, string, () => string, Payload[]]>([
    ['a notification, encrypted', WORKFLOW_TYPE, id, [payload('binary/encrypted', bytes('x'))]],
    ['a notification without input', WORKFLOW_TYPE, id, []],
    ['a notification with null', WORKFLOW_TYPE, id, [json(null), json(null)]],
    ['a notification of another task', WORKFLOW_TYPE, id, [json({ taskId })]],
    ['a notification without event and signal', WORKFLOW_TYPE, () => OWN_ID, [json({ taskId })]],
    ['a watch, encrypted', WATCH_TYPE, () => watchId(randomUUID()), [payload('x', bytes('x'))]],
    ['a watch with null', WATCH_TYPE, () => watchId(randomUUID()), [json(null)]],
    ['a watch without input', WATCH_TYPE, () => watchId(randomUUID()), []],
    ['a watch without options', WATCH_TYPE, () => watchId(taskId), [json({ taskId })]],
    [
      'a watch of no UUID',
      WATCH_TYPE,
      () => watchId('x'),
      [json({ taskId: 'x' }), json(watchOptions)],
    ],
    ['a watch with text', WATCH_TYPE, () => watchId(taskId), [json({ taskId }), json('30m')]],
  ])('fails at once, saying why: %s', async (_what, type, workflowIdOf, payloads) => {
    const fakes = createFakes();

    const failed = await withWorker({ ...temporal, fakes }, async (_start, taskQueue) => {
      const handle = await startRaw({ type, id: workflowIdOf(), taskQueue, payloads });
      return handle.result().catch((err: unknown) => (err as Error).cause);
    });

    expect(failed).toMatchObject({ type: 'InvalidInput' });
    expect(fakes.asked).toHaveLength(0);
  });

  it.each<[string, unknown, unknown]>([
    ['numbers', { userId: 7, stats: 7, jobCount: 'many', decidedOutcome: 7 }, 7],
    ['nothing but the task', {}, null],
    [
      'text that is long',
      { userId: 'x'.repeat(100_000), stats: { total: -1, completed: 1.5 } },
      {},
    ],
    ['a window that is none', {}, { resendWindowMs: -1 }],
  ])('reads %s as absent and sends what the provider says', async (_what, event, options) => {
    const fakes = createFakes();
    const ours = randomUUID();

    const result = await withWorker({ ...temporal, fakes }, async (_start, taskQueue) => {
      const payloads = [
        json({ ...(event as object), taskId: ours, isVerified: false }),
        json(options),
      ];
      const started = { type: WORKFLOW_TYPE, id: workflowId(ours, 'completed'), taskQueue };
      return (await startRaw({ ...started, payloads })).result();
    });

    expect(result).toMatchObject({ state: 'sent', emailCount: 12 });
  });
});

describe('the payload converter of workflows', () => {
  const broken = payload('binary/encrypted', bytes('x'));

  it('reads the arguments of a workflow as absent when it cannot decode them', () => {
    const context = { type: 'workflow', namespace: 'default', workflowId: 'x' } as const;

    expect(payloadConverter.fromPayload(broken, context)).toBeUndefined();
    expect(payloadConverter.fromPayload(json({ a: 1 }), context)).toEqual({ a: 1 });
  });

  it('throws for the result of an activity that it cannot decode', () => {
    const context = { type: 'activity', namespace: 'default', isLocal: false } as const;

    expect(() => payloadConverter.fromPayload(broken, context)).toThrow(/encoding/);
    expect(() => payloadConverter.fromPayload(broken)).toThrow(/encoding/);
  });
});

describe('more than 20 requests that are not answered', () => {
  it('are refused, and the mail goes out once when the relay is back', async () => {
    const down: Verdict = {
      ...{ verdict: 'deferred', step: 'connect', reply: 'no', configuration: false },
    };
    const fakes = createFakes({ verdicts: [down] });
    const ledger = fakes.dependencies.ledger;
    const recorded = new Set<string>();
    const { requestResend } = ledger;
    ledger.requestResend = (eventId, request, runId) => {
      recorded.add(request.requestId);
      return requestResend(eventId, request, runId);
    };

    await withWorker({ ...temporal, fakes }, async (start) => {
      const handle = await start({}, 'completed', WINDOW);
      for (let n = 0; n < 60; n++) await handle.signal(resendSignal, { requestId: `r${n}` });
      await until('those that were taken are recorded', () => recorded.size >= 20);
      await handle.signal(resendSignal, { requestId: 'one too many' });
      // The query is answered after the signal has been taken, while the relay is still down.
      await handle.query(statusQuery);
      fakes.answerBy({ verdicts: [accepted] });
      await retryUntilSent(handle);
      const { historyLength } = await handle.describe();
      expect(historyLength).toBeLessThan(1_000);
      await handle.signal(resendSignal, { requestId: 'afterwards' });
      await until('a later request is taken again', () => recorded.has('afterwards'));
      await handle.terminate();
    });

    expect(recorded.has('one too many')).toBe(false);
    expect(recorded.size).toBeLessThanOrEqual(21);
  });
});

/** The mail's next attempt comes after a minute by itself. */
async function retryUntilSent(handle: WorkflowHandle): Promise<void> {
  await until('it reads as sent', async () => {
    if ((await handle.query(statusQuery)).state === 'sent') return true;
    await temporal.client.workflowService
      .resetActivity({
        namespace: temporal.client.options.namespace,
        execution: { workflowId: handle.workflowId },
        type: 'sendMail',
      })
      .catch(() => undefined);
    return false;
  });
}

function json(value: unknown): Payload {
  return payload('json/plain', bytes(JSON.stringify(value)));
}

function signal(id: string, payloads: Payload[]) {
  const { client } = temporal;
  return client.workflowService.signalWorkflowExecution({
    ...{ namespace: client.options.namespace, requestId: randomUUID() },
    workflowExecution: { workflowId: id },
    signalName: resendSignal.name,
    input: { payloads },
  });
}

interface RawStart {
  type: string;
  id: string;
  taskQueue: string;
  payloads: Payload[];
}

async function startRaw({ type, id, taskQueue, payloads }: RawStart): Promise<WorkflowHandle> {
  const { client } = temporal;
  await client.workflowService.startWorkflowExecution({
    ...{ namespace: client.options.namespace, requestId: randomUUID() },
    workflowId: id,
    workflowType: { name: type },
    taskQueue: { name: taskQueue },
    input: { payloads },
  });
  return client.workflow.getHandle(id);
}

async function taskFailures(handle: WorkflowHandle): Promise<number> {
  const { events } = await handle.fetchHistory();
  return (events ?? []).filter((event) => event.workflowTaskFailedEventAttributes).length;
}
