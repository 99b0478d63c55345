import { randomUUID } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import type { UncertainPolicy } from '../../../activities/types';
import { startPostgres } from '../../sandbox/postgres/postgres';
import { startProvider } from '../../sandbox/provider/provider';
import { serviceEnvironment } from '../../sandbox/service/service-environment';
import { runSetup } from '../../sandbox/service/service-process';
import { startTemporalServer } from '../../sandbox/cluster/start-temporal-server';
import { LINKS } from '../plan/fault-plan';
import type { ProveOptions } from '../options';
import { plantEnvironment } from '../plants/plant';
import type { Random } from '../random';
import { startProofRelay } from './proof-relay';
import { createServiceSlot, type ServiceSlot } from './service-slot';
import { startWire, type Wire } from '../../sandbox/wire';

export type Stage = Awaited<ReturnType<typeof startStage>>;

interface StageOptions extends Pick<ProveOptions, 'maxPerSecond' | 'cluster' | 'plant'> {
  policy: UncertainPolicy;
  random: Random;
  onExit: (name: string, code: number | undefined, lastWords: string) => void;
}

/** Runs of one API close at once, those of the other and of the sweep can be resent for a while. */
const RESEND_WINDOWS = { 'api-1': '0', 'api-2': '5s', sweep: '3s' };

/** Real parts, two API processes and two workers, each of which reaches each part over its own wire. */
export async function startStage(options: StageOptions) {
  const { policy, random, maxPerSecond, cluster, plant, onExit } = options;
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
    const wires = new Map<string, Wire>();
    for (const { from, to, name } of LINKS) {
      wires.set(name, await own(startWire(() => portOf(to, from))));
    }

    /** The environment of a process, whose ways lead over its own wires. */
    function environmentOf(name: string): Record<string, string> {
      const portTo = (part: string) => wires.get(`${name}→${part}`)?.port ?? portOf(part, name);
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

    await runSetup({
      ...environmentOf('setup'),
      RESEND_WINDOW: RESEND_WINDOWS.sweep,
      SWEEP_AFTER: '10s',
      SWEEP_EVERY: '15s',
    });
    const planted = plant ? plantEnvironment(plant) : {};
    const slots = new Map<string, ServiceSlot>();
    for (const name of ['api-1', 'api-2'] as const) {
      const own = { RESEND_WINDOW: RESEND_WINDOWS[name], ADMIN_API_TOKEN: adminToken };
      const environment = { ...environmentOf(name), ...own, ...planted };
      slots.set(name, createServiceSlot({ name, command: 'api', environment, onExit }));
    }
    for (const name of ['worker-1', 'worker-2']) {
      const own = {
        SMTP_UNCERTAIN_POLICY: policy,
        ...(maxPerSecond && { SMTP_MAX_PER_SECOND: String(maxPerSecond) }),
      };
      const environment = { ...environmentOf(name), ...own, ...planted };
      slots.set(name, createServiceSlot({ name, command: 'worker', environment, onExit }));
    }
    slots.forEach((slot) => closers.push(() => slot.close()));
    await Promise.all([...slots.values()].map((slot) => slot.start()));
    const connection = await own(Connection.connect({ address: temporal.address }));
    const client = new Client({ connection, namespace: temporal.namespace });
    const parts = { temporal, postgres, relay, provider };
    return { ...parts, wires, slots, client, webhookSecret, adminToken, close };
  } catch (error) {
    await close();
    throw error;
  }
}
