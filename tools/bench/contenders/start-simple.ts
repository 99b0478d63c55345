import { randomUUID } from 'node:crypto';
import type { StartLoadCalls } from '../instruments/start-load-part';
import { startPart } from '../part/start-part';
import type { Stage } from '../stage';
import { until } from '../../sandbox/until';
import type { Contender } from './contender';
import { rateLimitOf } from './rate-limit';
import type { SimpleWorkerCalls } from './simple-worker-part';

export type SimpleName =
  'naive' | 'naive, rate limit' | 'floor' | 'floor, rate limit' | 'bare' | 'bare, our start';

/** A workflow of simple-workflows.ts, with a plain client and a worker like the service's. */
export async function startSimple(
  stage: Stage,
  name: SimpleName,
  more: Record<string, string> = {},
): Promise<Contender> {
  const { address, namespace } = stage.temporal;
  const [workflowType = name] = name.split(', ');
  const taskQueue = `bench-${name}-${randomUUID()}`;
  const runs = { address, namespace, workflowType, asOurs: name.endsWith('our start') };
  const worker = startPart<SimpleWorkerCalls>('contenders/simple-worker-part');
  await worker.call('start', {
    environment: stage.environment({
      TEMPORAL_TASK_QUEUE: taskQueue,
      ...rateLimitOf(name),
      ...more,
    }),
    codePath: stage.simpleBundle,
  });
  await until(`${name} polls`, () => worker.call('isPolling', undefined));
  const starter = startPart<StartLoadCalls>('instruments/start-load-part');
  let started = 0;
  const forget = stage.onMail((taskId) => void starter.call('mailed', taskId));

  return {
    name,
    mails: workflowType !== 'bare',
    pids: { worker: [worker.pid], starter: [starter.pid] },
    workflows: { taskQueue, idOf: (taskId) => `${workflowType}:${taskId}` },
    send(taskIds, pace) {
      started += taskIds.length;
      return starter.call('send', { ...runs, taskQueue, taskIds, pace });
    },
    // The other simple designs acknowledge in the same way.
    ...(workflowType === 'bare' && {
      acknowledge: (taskIds, pace) =>
        starter.call('send', {
          ...runs,
          taskQueue: `${taskQueue}-without-worker`,
          taskIds,
          pace,
        }),
    }),
    sibling: (environment) => startSimple(stage, name, environment),
    finished: () => stage.closedRuns(taskQueue, started),
    async close() {
      forget();
      await Promise.all([starter.close(), worker.close()]);
    },
  };
}
