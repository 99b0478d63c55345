import { randomUUID } from 'node:crypto';
import { startService } from '../../sandbox/service/service-process';
import { serviceUrls } from '../../sandbox/service/service-urls';
import { workflowId } from '../../../workflows/core/workflow-id';
import { stallMonitor } from '../instruments/longest-stall';
import type { Stage } from '../stage';
import { until } from '../../sandbox/until';
import type { Contender } from './contender';
import { rateLimitOf } from './rate-limit';

export type OurName = 'ours' | 'ours, rate limit';

/** `bulk-notify api` and `worker`, with or without a rate limit. */
export async function startOurs(
  stage: Stage,
  name: OurName,
  more: Record<string, string> = {},
): Promise<Contender> {
  const taskQueue = `bench-ours-${randomUUID()}`;
  const environment = stage.environment({
    RESEND_WINDOW: '0',
    ...rateLimitOf(name),
    ...more,
  });
  const ours = { ...environment, TEMPORAL_TASK_QUEUE: taskQueue };
  const monitor = stallMonitor();
  // Sequential, so that the starts do not compete.
  const worker = await startReady('worker', ours);
  const api = await startReady('api', ours);
  const lone = await startReady('api', {
    ...environment,
    ...monitor.environment,
    TEMPORAL_TASK_QUEUE: `${taskQueue}-without-worker`,
  });
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
    acknowledge: (taskIds, pace) => stage.webhooks(lone.port, { taskIds, pace }),
    service: {
      sibling: (environment) => startOurs(stage, name, environment),
      api: {
        pid: lone.pid,
        send: (taskIds, pace, jobs) => stage.webhooks(lone.port, { taskIds, pace, jobs }),
        longestStall: (work) => monitor.during(lone.pid, work),
      },
      async startTime(command) {
        const began = performance.now();
        const { stop } = await startReady(command, {
          ...environment,
          TEMPORAL_TASK_QUEUE: `${taskQueue}-start`,
        });
        const ms = performance.now() - began;
        await stop();
        return ms;
      },
    },
    async close() {
      await Promise.all([api.stop(), lone.stop(), worker.stop()]);
    },
  };
}

async function startReady(command: 'api' | 'worker', environment: Record<string, string>) {
  const service = await startService(command, environment);
  const { readiness } = serviceUrls(service.port);
  await until(`the ${command} is ready`, async () => (await fetch(readiness)).ok, {
    timeoutMs: 60_000,
  });
  return service;
}
