import { randomUUID } from 'node:crypto';
import { type ServiceProcess, startService } from '../../sandbox/service/service-process';
import { serviceUrls } from '../../sandbox/service/service-urls';
import { until } from '../../sandbox/until';
import type { Stage } from '../stage';
import type { Build } from './build';
import type { Contender, ContenderName } from './contender';
import { rateLimitOf } from './rate-limit';

/** Of a build: with or without a rate limit, and with other variables. */
export interface Variant<Name extends ContenderName> {
  name: Name;
  more?: Record<string, string>;
}

/** A build's `api` and `worker` on a task queue of their own. */
export async function startServicePair(
  stage: Stage,
  build: Build,
  { name, more }: Variant<ContenderName>,
) {
  const taskQueue = `bench-${name.replaceAll(/\W+/g, '-')}-${randomUUID()}`;
  const environment = build.environment({ RESEND_WINDOW: '0', ...rateLimitOf(name), ...more });
  const own = { ...environment, TEMPORAL_TASK_QUEUE: taskQueue };
  // Sequential, so that the starts do not compete.
  const worker = await startReady(build, 'worker', own);
  const api = await startReady(build, 'api', own);
  let started = 0;

  const contender: Contender = {
    name,
    mails: true,
    pids: { worker: [worker.pid], starter: [api.pid] },
    send(taskIds, pace, userId) {
      started += taskIds.length;
      return stage.webhooks(api.port, { taskIds, pace, userId });
    },
    finished: () => stage.closedRuns(taskQueue, started, build.client),
    async close() {
      await Promise.all([api.stop(), worker.stop()]);
    },
  };
  return { contender, environment, taskQueue };
}

export async function startReady(
  { cli }: Build,
  command: 'api' | 'worker',
  environment: Record<string, string>,
): Promise<ServiceProcess> {
  const service = await startService(command, environment, cli);
  const { readiness } = serviceUrls(service.port);
  await until(`the ${command} is ready`, async () => (await fetch(readiness)).ok, {
    timeoutMs: 60_000,
  });
  return service;
}
