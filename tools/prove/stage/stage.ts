import { randomUUID } from 'node:crypto';
import { Client } from '@temporalio/client';
import type { UncertainPolicy } from '../../../activities/send/send-policy';
import { startPostgres } from '../../sandbox/postgres/postgres';
import { startProvider } from '../../sandbox/provider/provider';
import { openConnection } from '../../sandbox/temporal/open-connection';
import { serviceEnvironment } from '../../sandbox/service/service-environment';
import { runSetup } from '../../sandbox/service/service-process';
import { startTemporalServer } from '../../sandbox/cluster/start-temporal-server';
import { LINKS } from '../plan/fault-plan';
import type { ProveOptions } from '../options';
import { mutantEnvironment } from '../mutants/mutant';
import type { Random } from '../../sandbox/random';
import { startProofRelay } from './proof-relay';
import { createServiceSlot, type ServiceSlot } from './service-slot';
import { startTcpProxy, type TcpProxy } from '../../sandbox/network/tcp-proxy';

export type Stage = Awaited<ReturnType<typeof startStage>>;

interface StageOptions extends Pick<ProveOptions, 'maxPerSecond' | 'cluster' | 'mutants'> {
  policy: UncertainPolicy;
  random: Random;
  onExit: (name: string, code: number | undefined, lastWords: string) => void;
}

/** The runs that one API starts close at once, those of the other stay open for resends for a while. */
const RESEND_WINDOWS = { 'api-1': '0', 'api-2': '5s' };

/** Real parts, two API processes and two workers; each process reaches each part through its own proxy. */
export async function startStage(options: StageOptions) {
  const { policy, random, maxPerSecond, cluster, mutants, onExit } = options;
  const closers: (() => Promise<unknown>)[] = [];
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer().catch(() => undefined);
  };
  async function own<T extends { close(): Promise<unknown> }>(starting: Promise<T>): Promise<T> {
    const part = await starting;
    closers.push(() => part.close());
    return part;
  }

  try {
    const webhookSecret = `secret-${randomUUID()}`;
    const adminToken = randomUUID();
    const [temporal, postgres, relay] = await Promise.all([
      own(startTemporalServer(cluster)),
      own(startPostgres()),
      own(startProofRelay(random.fork('relay'), ['worker-1', 'worker-2'])),
    ]);
    const provider = await startProvider();
    closers.push(() => provider.stop());

    const ports: Record<string, (from: string) => number> = {
      temporal: () => Number(temporal.address.split(':')[1]),
      postgres: () => Number(new URL(postgres.url).port),
      relay: relay.portFor,
      provider: () => Number(new URL(provider.baseUrl).port),
    };
    const portOf = (part: string, from: string) => ports[part]?.(from) ?? 0;
    const proxies = new Map<string, TcpProxy>();
    for (const { from, to, name } of LINKS) {
      proxies.set(name, await own(startTcpProxy(() => portOf(to, from))));
    }

    /** The environment of a process, with the addresses of its own proxies. */
    function environmentOf(name: string): Record<string, string> {
      const portTo = (part: string) => proxies.get(`${name}→${part}`)?.port ?? portOf(part, name);
      const databaseUrl = new URL(postgres.url);
      databaseUrl.port = String(portTo('postgres'));
      return serviceEnvironment({
        temporal: { ...temporal, address: `127.0.0.1:${portTo('temporal')}` },
        postgres: { url: databaseUrl.href },
        relay: { ...relay, host: 'localhost', port: portTo('relay') },
        provider: { ...provider, baseUrl: `http://127.0.0.1:${portTo('provider')}/api/v1` },
        webhookSecret,
      });
    }

    await runSetup(environmentOf('setup'));
    const mutation = mutants.length > 0 ? mutantEnvironment(mutants) : {};
    const slots = new Map<string, ServiceSlot>();
    for (const name of ['api-1', 'api-2'] as const) {
      const own = {
        RESEND_WINDOW: RESEND_WINDOWS[name],
        SWEEP_AFTER: '10s',
        ADMIN_API_TOKEN: adminToken,
      };
      const environment = { ...environmentOf(name), ...own, ...mutation };
      slots.set(name, createServiceSlot({ name, command: 'api', environment, onExit }));
    }
    for (const name of ['worker-1', 'worker-2']) {
      const own = {
        SMTP_UNCERTAIN_POLICY: policy,
        ...(maxPerSecond && { SMTP_MAX_PER_SECOND: String(maxPerSecond) }),
      };
      const environment = { ...environmentOf(name), ...own, ...mutation };
      slots.set(name, createServiceSlot({ name, command: 'worker', environment, onExit }));
    }
    slots.forEach((slot) => closers.push(() => slot.close()));
    await Promise.all([...slots.values()].map((slot) => slot.start()));
    // The operator may be at work when the stage is closed.
    const connection = await own(openConnection(temporal.address));
    const client = new Client({ connection, namespace: temporal.namespace });
    const parts = { temporal, postgres, relay, provider };
    return { ...parts, proxies, slots, client, webhookSecret, adminToken, close };
  } catch (error) {
    await close();
    throw error;
  }
}
