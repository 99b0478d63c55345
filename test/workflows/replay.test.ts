import type { WorkflowHandle } from '@temporalio/client';
import { Worker } from '@temporalio/worker';
import { DeterminismViolationError } from '@temporalio/workflow';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { resendSignal, statusQuery } from '../../workflows/notification/messages';
import { createFakes, type Fakes } from '../support/fakes';
import { resetRun } from '../support/reset-run';
import { retryNow } from '../support/retry-now';
import { until } from '../../tools/sandbox/until';
import { useTemporal, withWorker, workflowBundle } from '../support/workflow-worker';

/**
 * Histories of real runs, as `temporal workflow show --workflow-id … --output json` prints them. A
 * history that does not replay belongs to a run that would hang after a deployment: keep the file, and
 * tell the runs apart by an argument of their start.
 */
const DIRECTORY = join(__dirname, '../histories');

interface RecordedHistory {
  events: { workflowExecutionStartedEventAttributes?: { workflowId: string } }[];
}

describe('a recorded history', () => {
  it.each(readdirSync(DIRECTORY))('%s replays', async (file) => {
    const history = read(file);

    const replayed = Worker.runReplayHistory({ workflowBundle }, history, workflowIdOf(history));

    await expect(replayed).resolves.toBeUndefined();
  });

  it('that asks for another activity does not', async () => {
    const text = JSON.stringify(read('sent-with-rate-limit.json')).replaceAll(
      '"sendMail"',
      '"sendFax"',
    );
    const history = JSON.parse(text) as RecordedHistory;

    const replayed = Worker.runReplayHistory({ workflowBundle }, history, workflowIdOf(history));

    await expect(replayed).rejects.toThrow(DeterminismViolationError);
  });
});

const WINDOW = { resendWindowMs: 3_600_000 };

type Start = Parameters<Parameters<typeof withWorker>[1]>[0];
type Play = (start: Start, fakes: Fakes) => Promise<WorkflowHandle>;

describe('a run of this version', () => {
  const temporal = useTemporal();

  it.each<[string, Parameters<typeof createFakes>[0], Play]>([
    ['sends at once', {}, (start) => closed(start())],
    ['sends through the task queue', { hasRateLimit: true }, (start) => closed(start())],
    ['is parked', { addresses: [[]] }, (start) => closed(start())],
    ['hands over', { tasks: [{ fileStatus: 'failed' }] }, (start) => closed(start())],
    [
      'waits for the database, then sends',
      { addresses: [new Error('down'), new Error('down'), ['a@customer.example']] },
      (start) => closed(start()),
    ],
    [
      'waits for the final status after a hint, then sends',
      { tasks: [{ fileStatus: 'processing' }, { fileStatus: 'processing' }, {}] },
      async (start, { asked }) => {
        const handle = await start({ isVerified: false });
        await until('it has asked twice', () => asked.length === 2);
        await retryNow(temporal.client, handle.workflowId, 'fetchTask');
        return closed(handle);
      },
    ],
    [
      'is interrupted by a request while the relay is down',
      { verdicts: [{ verdict: 'deferred', step: 'connect', reply: 'no', configuration: false }] },
      async (start, fakes) => {
        const handle = await start();
        await until('it waits', () => pendingIn(handle));
        fakes.answerBy({ verdicts: [{ verdict: 'accepted', reply: '250 ok' }] });
        await handle.signal(resendSignal);
        return closed(handle);
      },
    ],
    [
      'is parked, and sent on request',
      { addresses: [[]] },
      async (start, fakes) => {
        const handle = await start({}, 'completed', WINDOW);
        await reads(handle, 'parked');
        fakes.answerBy({ addresses: [['a@customer.example']] });
        await handle.signal(resendSignal);
        return reads(handle, 'sent');
      },
    ],
    [
      'sends the mail again on request',
      {},
      async (start, { sent }) => {
        const handle = await start({}, 'completed', WINDOW);
        await reads(handle, 'sent');
        await handle.signal(resendSignal);
        await until('it is sent again', () => sent.length === 2);
        return reads(handle, 'sent');
      },
    ],
    [
      'is reset when it has sent',
      {},
      async (start) => {
        const handle = await start({}, 'completed', WINDOW);
        await reads(handle, 'sent');
        return reads(await resetRun(temporal.client, handle), 'sent');
      },
    ],
    [
      'is reset when it has sent, and its recipient is gone',
      {},
      async (start, fakes) => {
        const handle = await start({}, 'completed', WINDOW);
        await reads(handle, 'sent');
        fakes.answerBy({ addresses: [[]] });
        return reads(await resetRun(temporal.client, handle), 'sent');
      },
    ],
  ])('that %s replays', async (_what, answers, play) => {
    const fakes = createFakes(answers);

    const { workflowId, history } = await withWorker({ ...temporal, fakes }, async (start) => {
      const handle = await play(start, fakes);
      return { workflowId: handle.workflowId, history: await handle.fetchHistory() };
    });

    const replayed = Worker.runReplayHistory({ workflowBundle }, history, workflowId);
    await expect(replayed).resolves.toBeUndefined();
    await temporal.client.workflow.getHandle(workflowId).terminate().catch(ignoreClosed);
  });
});

async function closed(run: WorkflowHandle | Promise<WorkflowHandle>): Promise<WorkflowHandle> {
  const handle = await run;
  await handle.result();
  return handle;
}

async function reads(handle: WorkflowHandle, state: string): Promise<WorkflowHandle> {
  const isSo = async () => (await handle.query(statusQuery)).state === state;
  await until(`the run reads ${state}`, isSo);
  return handle;
}

async function pendingIn(handle: WorkflowHandle): Promise<boolean> {
  const { raw } = await handle.describe();
  return Boolean(raw.pendingActivities?.[0]?.lastFailure);
}

function ignoreClosed(err: unknown): void {
  if ((err as Error).name !== 'WorkflowNotFoundError') throw err;
}

function read(file: string): RecordedHistory {
  return JSON.parse(readFileSync(join(DIRECTORY, file), 'utf8')) as RecordedHistory;
}

function workflowIdOf({ events }: RecordedHistory): string {
  const id = events[0]?.workflowExecutionStartedEventAttributes?.workflowId;
  if (!id) throw new Error('a history begins with the start of its run');
  return id;
}
