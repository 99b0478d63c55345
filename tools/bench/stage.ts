import { Client, Connection } from '@temporalio/client';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTemporalServer } from '../sandbox/cluster/start-temporal-server';
import { addUser } from '../sandbox/postgres/add-user';
import { startPostgres } from '../sandbox/postgres/postgres';
import { createCertificate } from '../sandbox/relay/certificate';
import { serviceEnvironment } from '../sandbox/service/service-environment';
import { runSetup } from '../sandbox/service/service-process';
import { createArrivals } from './instruments/arrivals';
import type { ProviderCalls } from './instruments/provider-part';
import type { Arrival, RelayCalls } from './instruments/relay-part';
import type { WebhookLoad, WebhookLoadCalls } from './instruments/webhook-load-part';
import { MEASUREMENT_MAX_MS } from './measure/measurement-max';
import { startPart } from './part/start-part';
import { OWNER } from './owner';
import { until } from '../sandbox/until';

export type Stage = Awaited<ReturnType<typeof startStage>>;

const WEBHOOK_SECRET = 'bench-webhook-secret';

interface StageOptions {
  cluster: boolean;
  plainRelay: boolean;
}

/** The parts that all contenders share: Temporal, Postgres, the relay, the provider, the load. */
export async function startStage({ cluster, plainRelay }: StageOptions) {
  const certificate = await createCertificate();
  certificate.write();
  const directory = await mkdtemp(join(tmpdir(), 'bulk-notify-bench-'));
  const arrivals = createArrivals();
  const listeners = new Set<(taskId: string) => void>();
  const relay = startPart<RelayCalls>('instruments/relay-part', {
    onEvent({ taskId, at }: Arrival) {
      arrivals.record(taskId, at);
      listeners.forEach((listener) => listener(taskId));
    },
  });
  const provider = startPart<ProviderCalls>('instruments/provider-part');
  const load = startPart<WebhookLoadCalls>('instruments/webhook-load-part');
  listeners.add((taskId) => void load.call('mailed', taskId));

  const [temporal, postgres, relayPorts, providerReach, baselineBundle] = await Promise.all([
    startTemporalServer(cluster),
    startPostgres(),
    relay.call('start', { key: certificate.key, cert: certificate.cert }),
    provider.call('start', undefined),
    bundleBaselines(directory),
  ]);
  const { address, namespace } = temporal;
  const client = new Client({ connection: await Connection.connect({ address }), namespace });

  /** Variables for the relay. */
  const relayVariables = {
    starttls: {
      SMTP_PORT: String(relayPorts.starttls),
      SMTP_STARTTLS_REQUIRED: 'true',
      SSL_CERT_FILE: certificate.caFile,
    },
    plain: {
      SMTP_PORT: String(relayPorts.plain),
      SMTP_STARTTLS_REQUIRED: 'false',
      SSL_CERT_FILE: '',
    },
  };

  function environment(more: Record<string, string>): Record<string, string> {
    return {
      ...serviceEnvironment({
        temporal,
        postgres,
        relay: {
          host: '127.0.0.1',
          port: relayPorts.starttls,
          username: 'bench',
          password: 'bench-password',
          caFile: certificate.caFile,
        },
        provider: providerReach,
        webhookSecret: WEBHOOK_SECRET,
      }),
      ...relayVariables[plainRelay ? 'plain' : 'starttls'],
      // One owner receives all mails.
      RECIPIENT_MAX_PER_DAY: '0',
      ...more,
    };
  }
  await runSetup(environment({}));
  await addUser(postgres.url, { userId: OWNER, profileEmail: 'owner@mailbox.example' });

  return {
    server: cluster ? 'Temporal server on Postgres' : 'Temporal dev server',
    temporal,
    /** The server and its database. */
    temporalPids: () => [temporal.pid, ...(temporal.postgres ? [temporal.postgres.pid] : [])],
    postgres,
    relay,
    provider,
    load,
    client,
    arrivals,
    baselineBundle,
    environment,
    relayVariables,

    /** Registers tasks with the provider. */
    async newTasks(count: number): Promise<string[]> {
      const taskIds = Array.from({ length: count }, () => randomUUID());
      await provider.call('add', taskIds);
      return taskIds;
    },
    webhooks: (port: number, webhooks: Omit<WebhookLoad, 'port' | 'secret'>) =>
      load.call('send', { port, secret: WEBHOOK_SECRET, ...webhooks }),
    onMail(listener: (taskId: string) => void): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    /** Resolves when `count` runs of the task queue are closed. */
    closedRuns: (taskQueue: string, count: number) =>
      until(
        `${count} runs of ${taskQueue} are closed`,
        async () => {
          const query = `TaskQueue="${taskQueue}" AND ExecutionStatus="Completed"`;
          return (await client.workflow.count(query)).count >= count;
        },
        { timeoutMs: MEASUREMENT_MAX_MS },
      ),
    async close() {
      await client.connection.close();
      await Promise.all([relay, provider, load].map((part) => part.close()));
      await Promise.all([temporal.close(), postgres.close()]);
      certificate.remove();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function bundleBaselines(directory: string): Promise<string> {
  const { code } = await bundleWorkflowCode({
    workflowsPath: join(__dirname, 'contenders', 'baseline-workflows.js'),
    logger: new DefaultLogger('WARN'),
  });
  const path = join(directory, 'baseline-workflows.js');
  await writeFile(path, code);
  return path;
}
