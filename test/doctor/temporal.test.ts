import { Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time';
import { NativeConnection, Worker } from '@temporalio/worker';
import { randomUUID } from 'node:crypto';
import { judgeOrder, temporalExamination } from '../../src/doctor/temporal';
import { createPollerCount } from '../../src/temporal/task-queue-pollers';
import { until } from '../../tools/sandbox/until';
import { bulkTaskQueue } from '../../workflows/bulk-resend/messages';
import { sendTaskQueue } from '../../workflows/notification/messages';
import { checksTaskQueue } from '../../workflows/upload-watch/messages';
import { examine, troubles } from '../support/examine';
import { suite } from '../support/suite';
import { clientOver } from '../support/temporal-client';

const HOUR_MS = 3_600_000;

let connection: Connection;
beforeAll(async () => {
  connection = await Connection.connect({ address: suite().temporal.address });
});
afterAll(() => connection.close());

interface Situation {
  connection?: Connection;
  namespace?: string;
  taskQueue?: string;
  resendWindowMs?: number;
  retentionMs?: number;
}

function examineTemporal(situation: Situation) {
  const { namespace = 'default', taskQueue = `unpolled-${randomUUID()}` } = situation;
  const { address } = suite().temporal;
  return examine(
    temporalExamination({
      client: clientOver(situation.connection ?? connection, namespace),
      temporal: { connectionOptions: { address }, namespace, taskQueue },
      sendsPerSecond: 20,
      resendWindowMs: situation.resendWindowMs ?? 0,
      retentionMs: situation.retentionMs ?? HOUR_MS,
    }),
  );
}

async function registerNamespace(): Promise<string> {
  const namespace = `doctor-${randomUUID()}`;
  await connection.workflowService.registerNamespace({
    namespace,
    workflowExecutionRetentionPeriod: msToTs(24 * HOUR_MS),
  });
  return namespace;
}

describe('the doctor on Temporal', () => {
  it('finds everything well while a worker polls', async () => {
    const taskQueue = `polled-${randomUUID()}`;
    const native = await NativeConnection.connect(suite().temporal);
    const activities = { checkUpload: async () => undefined };
    const workers = await Promise.all([
      Worker.create({
        ...{ connection: native, taskQueue, activities },
        workflowsPath: require.resolve('../../workflows'),
      }),
      ...[sendTaskQueue, checksTaskQueue, bulkTaskQueue].map((queueOf) =>
        Worker.create({ connection: native, taskQueue: queueOf(taskQueue), activities }),
      ),
    ]);
    const running = Promise.all(workers.map((worker) => worker.run()));
    const countPollers = createPollerCount(clientOver(connection, 'default'), taskQueue);
    await until('every task queue is polled', async () =>
      (await countPollers()).every(({ pollers }) => pollers > 0),
    );

    const findings = await examineTemporal({ taskQueue });
    workers.forEach((worker) => worker.shutdown());
    await running;
    await native.close();

    expect(findings.map(({ check, status }) => `${check} ${status}`).sort()).toEqual([
      'clock ok',
      'connection ok',
      'namespace ok',
      'order of sends skipped',
      'pollers ok',
      'search attributes ok',
    ]);
  });

  it('finds the queues that nobody polls', async () => {
    const findings = await examineTemporal({ taskQueue: 'deserted' });

    expect(troubles(findings)).toEqual([
      'failure pollers: nobody polls deserted (workflow), deserted (activity), deserted-send (activity), deserted-upload-checks (activity), deserted-bulk-resends (activity)',
    ]);
  });

  it.each([
    ['1.28.4', 'warning', /^server 1\.28\.4 sends mails in the order in which they came$/],
    ['1.31.2', 'skipped', /matching\.enableFairness/],
    ['1.32.0-150.2', 'skipped', /matching\.enableFairness/],
  ])('knows what server %s can do about the order of sends', (version, status, what) => {
    expect(judgeOrder(version, 20)).toMatchObject({
      ...{ status, what: expect.stringMatching(what) },
      remedy: expect.stringContaining('deploy/temporal/dynamic-config.yaml'),
    });
  });

  it('judges no order of sends without SMTP_MAX_PER_SECOND', () => {
    expect(judgeOrder('1.28.4', undefined)).toMatchObject({ status: 'skipped' });
  });

  it('finds that the server does not run', async () => {
    const away = Connection.lazy({ address: '127.0.0.1:1' });

    const findings = await examineTemporal({ connection: away });
    await away.close();

    expect(findings).toMatchObject([
      {
        check: 'connection',
        status: 'failure',
        what: expect.stringMatching(/^(?:UNAVAILABLE|DEADLINE_EXCEEDED)/),
        remedy: expect.stringContaining('TEMPORAL_ADDRESS'),
      },
    ]);
  });

  it('finds a namespace that is missing', async () => {
    const findings = await examineTemporal({ namespace: 'nowhere' });

    expect(findings.at(-1)).toMatchObject({
      check: 'namespace',
      status: 'failure',
      what: 'there is no namespace nowhere',
      remedy: expect.stringContaining('bulk-notify setup'),
    });
  });

  it('finds search attributes that are missing', async () => {
    const findings = await examineTemporal({ namespace: await registerNamespace() });

    expect(troubles(findings)).toContain(
      'failure search attributes: missing: TaskId, UserId, NotificationOutcome, NotificationState, ParkReason',
    );
  });

  it.each([
    [
      'RESEND_WINDOW',
      { resendWindowMs: 72 * HOUR_MS },
      /keeps closed runs for 24 h, less than RESEND_WINDOW \(3 days\)$/,
    ],
    [
      'TEMPORAL_RETENTION',
      { retentionMs: 720 * HOUR_MS },
      /keeps closed runs for 24 h, and TEMPORAL_RETENTION says 30 days$/,
    ],
  ])('finds a retention below %s', async (variable, change, expected) => {
    const findings = await examineTemporal({ namespace: await registerNamespace(), ...change });

    const finding = findings.find(({ check }) => check === 'namespace');
    expect(finding).toMatchObject({ status: 'warning', what: expect.stringMatching(expected) });
    expect(finding?.what).toContain(variable);
    expect(finding?.remedy).toContain('bulk-notify setup');
  });
});
