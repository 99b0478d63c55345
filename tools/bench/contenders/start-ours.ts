import { CLI } from '../../sandbox/service/service-process';
import { workflowId } from '../../../workflows/core/workflow-id';
import { stallMonitor } from '../instruments/longest-stall';
import type { Stage } from '../stage';
import type { Build } from './build';
import type { Contender } from './contender';
import { startReady, startServicePair, type Variant } from './start-service-pair';

/** `bulk-notify api` and `worker`, with or without a rate limit. */
export async function startOurs(
  stage: Stage,
  variant: Variant<'ours' | 'ours, rate limit'>,
): Promise<Contender> {
  const build: Build = { cli: CLI, client: stage.client, environment: stage.environment };
  const { contender, environment, taskQueue } = await startServicePair(stage, build, variant);
  const monitor = stallMonitor();
  const lone = await startReady(build, 'api', {
    ...environment,
    ...monitor.environment,
    TEMPORAL_TASK_QUEUE: `${taskQueue}-without-worker`,
  });

  return {
    ...contender,
    workflows: { taskQueue, idOf: (taskId) => workflowId(taskId, 'completed') },
    acknowledge: (taskIds, pace) => stage.webhooks(lone.port, { taskIds, pace }),
    sibling: (more) => startOurs(stage, { ...variant, more }),
    service: {
      api: {
        pid: lone.pid,
        send: (taskIds, pace, jobs) => stage.webhooks(lone.port, { taskIds, pace, jobs }),
        longestStall: (work) => monitor.during(lone.pid, work),
      },
      async startTime(command) {
        const began = performance.now();
        const { stop } = await startReady(build, command, {
          ...environment,
          TEMPORAL_TASK_QUEUE: `${taskQueue}-start`,
        });
        const ms = performance.now() - began;
        await stop();
        return ms;
      },
    },
    async close() {
      await Promise.all([contender.close(), lone.stop()]);
    },
  };
}
