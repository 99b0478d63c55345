import type { Client } from '@temporalio/client';
import { randomUUID } from 'node:crypto';
import type { Task } from '../../workflows/core/decision';
import type { ServiceProcess } from '../../tools/sandbox/service/service-process';
import { reportedOutcome, trusted } from '../../workflows/core/event';
import { decide } from '../../workflows/core/decision';
import { workflowId } from '../../workflows/core/workflow-id';
import { createFakes } from '../support/fakes';
import { fetch } from '../support/recorded-fetch';
import { startSurroundings, type Surroundings } from '../support/surroundings';
import { until } from '../../tools/sandbox/until';
import { useTemporal, withWorker } from '../support/workflow-worker';

const STRANGER = '00000000-0000-4000-8000-000000000000';
const OPEN = { WEBHOOK_SECRET_KEY: '', WEBHOOK_SIGNATURE_REQUIRED: 'false' };

const temporal = useTemporal();
let surroundings: Surroundings;
let client: Client;
let api: ServiceProcess;

beforeAll(async () => {
  surroundings = await startSurroundings();
  ({ client } = temporal);
  [api] = await Promise.all([surroundings.start('api', OPEN), surroundings.start('worker')]);
});
afterAll(() => surroundings.close());

describe('an endpoint without WEBHOOK_SECRET_KEY', () => {
  it('logs an error and sets the gauge to 0', async () => {
    const said = api.lines.find(({ event }) => event === 'api.signature_not_checked');
    const metrics = await (await fetch(`http://127.0.0.1:${api.adminPort}/metrics`)).text();

    expect(said).toMatchObject({ level: 'error' });
    expect(metrics).toMatch(/^bulk_notify_webhook_signature_checked 0$/m);
  });

  it('sends what the provider reports once its status is final, whatever a forged webhook contains', async () => {
    const { taskId, userId, address } = await surroundings.addUpload({
      ...{ status: 'processing', total: 12 },
    });

    const answer = await post({ taskId, total: 3, userId: STRANGER });
    await waitsForTheProvider(workflowId(taskId, 'completed'));
    expect(mailsTo(address)).toHaveLength(0);
    surroundings.provider.setStatus(taskId, 'completed');
    const result: unknown = await client.workflow
      .getHandle(workflowId(taskId, 'completed'))
      .result();

    expect(answer.status).toBe(200);
    expect(result).toMatchObject({ state: 'sent', userId, emailCount: 12 });
    expect(mailsTo(address)).toHaveLength(1);
  });

  it('sends one mail for a completed upload after a forged webhook that called it failed', async () => {
    const { taskId, address } = await surroundings.addUpload({ status: 'processing' });

    await post({ taskId, failed: 3 });
    await waitsForTheProvider(workflowId(taskId, 'failed'));
    surroundings.provider.setStatus(taskId, 'completed');
    await post({ taskId });
    const results = await Promise.all(
      (['completed', 'failed'] as const).map((outcome) =>
        client.workflow.getHandle(workflowId(taskId, outcome)).result(),
      ),
    );

    expect(results).toMatchObject([{ state: 'sent' }, { state: 'handed_over' }]);
    expect(mailsTo(address)).toHaveLength(1);
  });

  it('sends the mail for a completed upload whose only webhook was forged and called it failed', async () => {
    const { taskId, address } = await surroundings.addUpload({ status: 'completed' });

    await post({ taskId, failed: 3 });
    await until('the mail is sent', () => mailsTo(address).length === 1);

    const handed: unknown = await client.workflow.getHandle(workflowId(taskId, 'failed')).result();
    expect(handed).toMatchObject({ state: 'handed_over' });
  });
});

describe('the workflow of a webhook that was not verified', () => {
  it.each<[string, Partial<Task>]>([
    ['is never final', { fileStatus: 'processing' }],
    ['has no file status', { fileStatus: undefined }],
  ])('parks the notification when the task %s for GIVE_UP_AFTER', async (_, task) => {
    const fakes = createFakes({ tasks: [task], giveUpAfterMs: 0 });

    const result = await withWorker({ ...temporal, fakes }, async (start) => {
      const handle = await start({ isVerified: false });
      return handle.result();
    });

    expect(result).toMatchObject({ state: 'parked', reason: 'gave_up' });
    expect(fakes.sent).toHaveLength(0);
  });

  it.each<[string, Partial<Task>]>([
    ['has no file yet', { fileBacked: false }],
    ['is under way', { fileStatus: 'processing' }],
    ['has no file status', { fileStatus: undefined }],
  ])('keeps asking the provider while the task %s', async (_, task) => {
    const fakes = createFakes({ tasks: [task, task, {}] });

    const result = await withWorker({ ...temporal, fakes }, async (start) => {
      const handle = await start({ isVerified: false, userId: STRANGER });
      return handle.result();
    });

    expect(result).toMatchObject({
      state: 'sent',
      userId: expect.not.stringContaining(STRANGER),
    });
    expect(fakes.sent).toHaveLength(1);
  });
});

describe('the fields of a webhook that was not verified', () => {
  const event = {
    ...{ taskId: randomUUID(), isVerified: false, userId: STRANGER, jobCount: 3 },
    stats: { total: 3, completed: 0, failed: 3 },
  };
  const task: Task = {
    id: event.taskId,
    fileBacked: true,
    fileName: 'a.csv',
    fileStatus: 'completed',
  };

  it('determine only the workflow ID', () => {
    expect(reportedOutcome(event.stats)).toBe('failed');
    expect(trusted(event)).toEqual({
      ...{ taskId: event.taskId, isVerified: false, stats: {} },
    });
  });

  it('do not replace fields that the provider leaves out', () => {
    expect(decide(event, task)).toEqual({
      reason: 'user_id_missing',
      outcome: 'completed',
    });
    expect(decide(event, { ...task, userId: 'u' })).toEqual({
      ...{ reason: 'task_metadata_missing', outcome: 'completed' },
    });
  });
});

interface Forged {
  taskId: string;
  total?: number;
  failed?: number;
  userId?: string;
}

/** Anybody's webhook: no signature. */
const post = (forged: Forged) => surroundings.post(api, { ...forged, secret: undefined });

const mailsTo = (address: string | null) =>
  surroundings.relay.received.filter(({ envelope }) => envelope.to.includes(address ?? ''));

async function waitsForTheProvider(id: string): Promise<void> {
  const handle = client.workflow.getHandle(id);
  await until('the run waits', async () => {
    const { raw } = await handle.describe();
    return (raw.pendingActivities ?? []).some(({ lastFailure }) =>
      lastFailure?.message?.includes('still processing'),
    );
  });
}
