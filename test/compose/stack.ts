import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onFreePorts } from '../../tools/sandbox/network/on-free-ports';
import { progressOnStderr as progress } from '../../tools/sandbox/process/progress';
import { until } from '../../tools/sandbox/until';
import { type Engine, findEngine } from './engine';
import { makeImages } from './images/make-images';
import {
  environmentWithoutOurs,
  layOut,
  type Ports,
  readBaseImage,
  readComposeFile,
  readSecret,
  startOrder,
  withoutDigests,
} from './project';
import type { CommandResult } from './run-command';

const profiles = ['--profile', 'dev', '--profile', 'observability'];
const readyWithinMs = 180_000;
const published = [
  'temporal',
  'temporal-ui',
  'api',
  'api:8082',
  'mailpit',
  'prometheus',
  'grafana',
];

/** docker-compose.yml with its profiles, and the provider's stand-in, as containers of this host. */
export interface Stack {
  engine: Engine['name'];
  services: string[];
  ports: Ports;
  secret(name: string): string;
  /** Resolves when it serves again; a one-shot, when it has run once more with success. */
  restart(service: string): Promise<void>;
  exec(service: string, command: string[]): Promise<CommandResult>;
  /** Runs our image once, without the other services. */
  runImage(args: string[]): Promise<CommandResult>;
  down(): Promise<void>;
}

export async function startStack(): Promise<Stack> {
  const engine = await findEngine();
  const directory = mkdtempSync(join(tmpdir(), 'bulk-notify-compose-'));
  const remove = (): void => rmSync(directory, { recursive: true });
  const compose = (...args: string[]): Promise<string> =>
    engine.compose(directory, [...profiles, ...args], environmentWithoutOurs());
  try {
    const ports = await freePorts();
    layOut(directory, engine, ports);
    const file = readComposeFile(directory);
    if (!engine.hasRegistry) await makeImages(engine, imagesOf(file));
    progress('building the image');
    await engine.build(directory, 'bulk-notify:0.2.0');
    // What a run that was killed has left.
    await compose('down', '--volumes');

    const stack = createStack(engine, directory, ports);
    const services = startOrder(file);
    for (const service of services) {
      await compose('up', '--detach', '--no-deps', '--no-build', service);
      await stack.untilReady(service);
    }
    return {
      ...stack,
      services,
      down: async () => {
        await compose('down', '--volumes');
        remove();
      },
    };
  } catch (error) {
    await compose('down', '--volumes').catch(() => undefined);
    remove();
    throw error;
  }
}

function createStack(engine: Engine, directory: string, ports: Ports) {
  const { services } = readComposeFile(directory);
  const containers = new Map<string, string>();

  async function containerOf(service: string): Promise<string> {
    const known = containers.get(service);
    if (known !== undefined) return known;
    const filter = `label=com.docker.compose.service=${service}`;
    const project = 'label=com.docker.compose.project=bulk-notify-check';
    const list = ['ps', '--all', '--quiet', '--filter', filter, '--filter', project];
    const id = (await engine.run(list)).output.split('\n')[0] ?? '';
    if (id !== '') containers.set(service, id);
    return id;
  }

  async function isReady(service: string): Promise<boolean> {
    const id = await containerOf(service);
    if (id === '') return false;
    if (services[service]?.healthcheck) return engine.isHealthy(id);
    const format = '{{.State.Status}} {{.State.ExitCode}}';
    return (await engine.run(['inspect', '--format', format, id])).output === 'exited 0';
  }

  async function untilReady(service: string): Promise<void> {
    const began = performance.now();
    await until(`${service} is ready`, () => isReady(service), { timeoutMs: readyWithinMs }).catch(
      async (error: unknown) => {
        const { output } = await engine.run(['logs', '--tail', '40', await containerOf(service)]);
        throw new Error(`${(error as Error).message}. Its log ends with:\n${output}`);
      },
    );
    const verdict = services[service]?.healthcheck ? 'healthy' : 'has ended with 0';
    progress(`${service}: ${verdict} (${((performance.now() - began) / 1000).toFixed(1)} s)`);
  }

  return {
    engine: engine.name,
    ports,
    secret: (name: string) => readSecret(directory, name),
    untilReady,
    async restart(service: string): Promise<void> {
      progress(`restarting ${service}`);
      const { code, output } = await engine.run(['restart', await containerOf(service)]);
      if (code !== 0) throw new Error(`${service} could not be restarted: ${output}`);
      await untilReady(service);
    },
    exec: async (service: string, command: string[]) =>
      engine.run(['exec', await containerOf(service), ...command]),
    runImage: (args: string[]) => engine.run(['run', '--rm', 'bulk-notify:0.2.0', ...args]),
  };
}

/** Distinct ones, so that each is free when its service takes it. */
function freePorts(): Promise<Ports> {
  const wanted = Array<undefined>(published.length).fill(undefined);
  return onFreePorts(wanted, (ports) =>
    Promise.resolve(Object.fromEntries(published.map((name, nth) => [name, ports[nth] as number]))),
  );
}

function imagesOf(file: ReturnType<typeof readComposeFile>): string[] {
  const images = Object.values(file.services).map(({ image }) => image);
  return [...images, withoutDigests(readBaseImage())];
}
