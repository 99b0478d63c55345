import { Worker } from '@temporalio/worker';
import { createDatabase } from '../../../src/clients/postgres/database';
import { createRecipientDirectory } from '../../../src/clients/postgres/recipients';
import { createTaskApi } from '../../../src/clients/provider/task-api';
import { loadWorkerConfig } from '../../../src/config/config';
import { createLogger } from '../../../src/telemetry/logger';
import { connectWorker } from '../../../src/temporal/connect-worker';
import { installRuntime, isPolling, MAX_CACHED_WORKFLOWS } from '../../../src/temporal/worker';
import { servePart } from '../part/serve-part';
import { pooledTransport } from './pooled-transport';
import { createSimpleActivities } from './simple-activities';

export interface SimpleWorker {
  /** The variables of the service. */
  environment: Record<string, string>;
  codePath: string;
}

let worker: Worker;

const calls = {
  async start({ environment, codePath }: SimpleWorker) {
    const config = loadWorkerConfig(environment);
    const logger = createLogger(config.logLevel);
    installRuntime(logger);
    const connection = await connectWorker(config.temporal, logger, new AbortController().signal);
    const database = createDatabase({ ...config.database, logger });
    worker = await Worker.create({
      connection,
      namespace: config.temporal.namespace,
      taskQueue: config.temporal.taskQueue,
      workflowBundle: { codePath },
      activities: createSimpleActivities({
        taskApi: createTaskApi(config.taskApi),
        recipients: createRecipientDirectory({ database, logger }),
        transport: pooledTransport(config),
        sender: config.sender,
      }),
      // As in the service; all other options are the SDK's defaults.
      maxTaskQueueActivitiesPerSecond: config.sendsPerSecond,
      maxCachedWorkflows: MAX_CACHED_WORKFLOWS,
    });
    void worker.run();
  },
  isPolling: () => isPolling(worker),
};
export type SimpleWorkerCalls = typeof calls;

servePart(calls);
