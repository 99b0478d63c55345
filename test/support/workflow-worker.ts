import type { Client } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { createActivities } from '../../activities';
import { createSendWorker, notificationSinks } from '../../src/temporal/worker';
import type { BulkUploadEvent } from '../../workflows/core/event';
import type { Outcome } from '../../workflows/core/outcome';
import type { bulkUploadNotification } from '../../workflows';
import {
  type NotificationOptions,
  resendSignal,
  type ResendSignal,
} from '../../workflows/notification/messages';
import { resendStartOptions, startOptions } from '../../workflows/notification/start-options';
import { workflowId } from '../../workflows/core/workflow-id';
import type { createFakes } from './fakes';
import { suite } from './suite';
import { connectClient } from './temporal-client';

export const workflowBundle = { codePath: join(__dirname, '../../dist/workflow-bundle.js') };

// Failures are what these tests are about: only what breaks the worker is worth a line.
Runtime.install({ logger: new DefaultLogger('ERROR'), shutdownSignals: [] });

/** What the tests of a file need of the suite's Temporal: a client, and the connection of workers. */
export function useTemporal() {
  const temporal = {} as { client: Client; connection: NativeConnection };
  beforeAll(async () => {
    temporal.client = await connectClient();
    temporal.connection = await NativeConnection.connect({ address: suite().temporal.address });
  });
  afterAll(async () => {
    await Promise.all([temporal.client.connection.close(), temporal.connection.close()]);
  });
  return temporal;
}

interface WorkerOptions {
  client: Client;
  connection: NativeConnection;
  fakes: ReturnType<typeof createFakes>;
}

type Start = ReturnType<typeof createStart>;

/** The built workflow with activities on fakes, on task queues of their own, while `body` runs. */
export async function withWorker<T>(
  options: WorkerOptions,
  body: (start: Start, taskQueue: string) => Promise<T>,
): Promise<T> {
  return withLateWorker(options, async (start, taskQueue) => () => body(start, taskQueue));
}

/** The same with a worker that is not there yet while `before` runs. */
export async function withLateWorker<T>(
  { client, connection, fakes }: WorkerOptions,
  before: (start: Start, taskQueue: string) => Promise<() => Promise<T>>,
): Promise<T> {
  const taskQueue = `test-${randomUUID()}`;
  const body = await before(createStart(client, taskQueue), taskQueue);
  const { namespace } = client.options;
  const activities = createActivities(fakes.dependencies);
  const sinks = notificationSinks((reason) => fakes.nothingToSend.push(reason));
  const [worker, sendWorker] = await Promise.all([
    Worker.create({ connection, namespace, taskQueue, workflowBundle, activities, sinks }),
    createSendWorker({
      ...{ connection, activities, connectionsMax: 5 },
      temporal: { namespace, taskQueue },
    }),
  ]);
  return worker.runUntil(sendWorker.runUntil(body()));
}

function createStart(client: Client, taskQueue: string) {
  return function start(
    event: Partial<BulkUploadEvent> = {},
    outcome: Outcome = 'completed',
    options: NotificationOptions = { resendWindowMs: 0 },
  ) {
    const taskId = event.taskId ?? randomUUID();
    const full = {
      taskId,
      isVerified: true,
      stats: { total: 12, completed: 12 },
      jobCount: 12,
      ...event,
    };
    return client.workflow.start<typeof bulkUploadNotification>('bulkUploadNotification', {
      workflowId: workflowId(taskId, outcome),
      taskQueue,
      ...startOptions(full, outcome, options),
    });
  };
}

interface ResendStart {
  client: Client;
  taskQueue: string;
  taskId: string;
  resendWindowMs?: number;
  signal?: ResendSignal;
}

/** A run that is started for its request alone. */
export function startForResend(start: ResendStart) {
  const { client, taskQueue, taskId, resendWindowMs = 0, signal = {} } = start;
  return client.workflow.signalWithStart<typeof bulkUploadNotification, [ResendSignal?]>(
    'bulkUploadNotification',
    {
      ...{ workflowId: workflowId(taskId, 'completed'), taskQueue },
      ...{ signal: resendSignal, signalArgs: [signal] },
      ...resendStartOptions(taskId, 'completed', signal, { resendWindowMs }),
    },
  );
}
