import { Client, Connection } from '@temporalio/client';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTemporalServer } from '../sandbox/cluster/start-temporal-server';
import { addUser } from '../sandbox/postgres/add-user';
import { startPostgres } from '../sandbox/postgres/postgres';
import { serviceEnvironment } from '../sandbox/service/service-environment';
import { runSetup } from '../sandbox/service/service-process';
import { createArrivals } from './instruments/arrivals';
import { OUTAGE_PREFIX } from './instruments/outage-prefix';
import type { ProviderCalls } from './instruments/provider-part';
import { startRelays } from './instruments/start-relays';
import type { WebhookLoad, WebhookLoadCalls } from './instruments/webhook-load-part';
import { MEASUREMENT_MAX_MS } from './measure/measurement-max';
import { startPart } from './part/start-part';
import { OWNER, owners } from './owner';
import { until } from '../sandbox/until';

export type Stage = Awaited<ReturnType<typeof startStage>>;

const WEBHOOK_SECRET = 'bench-webhook-secret';

interface StageOptions {
  cluster: boolean;
  plain: boolean;
}

interface TaskOptions {
  userId?: string;
  /** Whether the provider is out of order for them. */
  inOutage?: boolean;
}

/** The parts that all contenders share: Temporal, Postgres, the relay, the provider, the load. */
export async function startStage({ cluster, plain }: StageOptions) {
  const directory = await mkdtemp(join(tmpdir(), 'bulk-notify-bench-'));
  const arrivals = createArrivals();
  const listeners = new Set<(taskId: string) => void>();
  const provider = startPart<ProviderCalls>('instruments/provider-part');
  const load = startPart<WebhookLoadCalls>('instruments/webhook-load-part');
  listeners.add((taskId) => void load.call('mailed', taskId));

  const [temporal, postgres, relays, providerReach, simpleBundle] = await Promise.all([
    startTemporalServer(cluster),
    startPostgres(),
    startRelays({
      plain,
      onEvent({ taskId, at }) {
        arrivals.record(taskId, at);
        listeners.forEach((listener) => listener(taskId));
      },
    }),
    provider.call('start', undefined),
    bundleSimple(directory),
  ]);
  const { address, namespace } = temporal;
  const client = new Client({ connection: await Connection.connect({ address }), namespace });

  function environment(more: Record<string, string>): Record<string, string> {
    return {
      ...serviceEnvironment({
        temporal,
        postgres,
        relay: relays.reach,
        provider: providerReach,
        webhookSecret: WEBHOOK_SECRET,
      }),
      ...relays.variables.usual,
      // One owner receives nearly all mails.
      RECIPIENT_MAX_PER_DAY: '0',
      ...more,
    };
  }
  await runSetup(environment({}));
  await addUser(postgres.url, ...owners);

  return {
    server: cluster ? 'Temporal server on Postgres' : 'Temporal dev server',
    temporal,
    /** The server and its database. */
    temporalPids: () => [temporal.pid, ...(temporal.postgres ? [temporal.postgres.pid] : [])],
    postgres,
    relay: relays.part,
    relayVariables: relays.variables,
    provider,
    load,
    client,
    arrivals,
    simpleBundle,
    environment,

    /** Registers tasks with the provider. */
    async newTasks(
      count: number,
      { userId = OWNER, inOutage = false }: TaskOptions = {},
    ): Promise<string[]> {
      const prefix = inOutage ? OUTAGE_PREFIX : '';
      const taskIds = Array.from(
        { length: count },
        () => prefix + randomUUID().slice(prefix.length),
      );
      await provider.call('add', { taskIds, userId });
      return taskIds;
    },
    webhooks: (port: number, webhooks: Omit<WebhookLoad, 'port' | 'secret'>) =>
      load.call('send', { port, secret: WEBHOOK_SECRET, ...webhooks }),
    onMail(listener: (taskId: string) => void): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    /** Resolves when `count` runs of the task queue are closed. */
    closedRuns: (taskQueue: string, count: number, { workflow } = client) =>
      until(
        `${count} runs of ${taskQueue} are closed`,
        async () => {
          const query = `TaskQueue="${taskQueue}" AND ExecutionStatus="Completed"`;
          return (await workflow.count(query)).count >= count;
        },
        { timeoutMs: MEASUREMENT_MAX_MS },
      ),
    async close() {
      await client.connection.close();
      await Promise.all([relays, provider, load].map((part) => part.close()));
      await Promise.all([temporal.close(), postgres.close()]);
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function bundleSimple(directory: string): Promise<string> {
  const { code } = await bundleWorkflowCode({
    workflowsPath: join(__dirname, 'contenders', 'simple-workflows.js'),
    logger: new DefaultLogger('WARN'),
  });
  const path = join(directory, 'simple-workflows.js');
  await writeFile(path, code);
  return path;
}
