import { serviceUrls } from '../../sandbox/service/service-urls';
import { startService } from '../../sandbox/service/service-process';
import { workflowId } from '../../workflows/workflow-id';
import type { Stage } from '../stage';
import { until } from '../until';
import type { Column } from './column';

export type OurName = 'ours' | 'ours, rate limit';

/** Far above what two cores can send: the path of a limit, without its waits. */
const NEVER_REACHED = '100000';
/** As short as possible: what a window costs does not depend on its length. */
const WINDOW = '1s';

/** `bulk-notify api` and `worker` as they are, with or without a limit of the relay. */
export async function startOurs(stage: Stage, name: OurName, resendWindow = '0'): Promise<Column> {
  const limited = name === 'ours, rate limit';
  const taskQueue = `bench-ours${limited ? '-limited' : ''}-window-${resendWindow}`;
  const environment = stage.environment({
    TEMPORAL_TASK_QUEUE: taskQueue,
    RESEND_WINDOW: resendWindow,
    ...(limited && { SMTP_MAX_PER_SECOND: NEVER_REACHED }),
  });
  const [api, worker] = await Promise.all([
    startService('api', environment),
    startService('worker', environment),
  ]);
  await until(`${name} is ready`, async () => (await fetch(serviceUrls(worker.port).readiness)).ok);
  let started = 0;

  return {
    name,
    mails: true,
    pids: { worker: [worker.pid], starter: [api.pid] },
    workflows: { taskQueue, idOf: (taskId) => workflowId(taskId, 'completed') },
    send(taskIds, pace) {
      started += taskIds.length;
      return stage.webhooks(api.port, { taskIds, pace });
    },
    finished: () => stage.closedRuns(taskQueue, started),
    withWindow: () => startOurs(stage, name, WINDOW),
    async close() {
      await Promise.all([api.stop(), worker.stop()]);
    },
  };
}
