import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parse, parseDocument } from 'yaml';
import type { Engine } from './engine';

const root = resolve(__dirname, '../..');

export interface Service {
  image: string;
  profiles?: string[];
  build?: unknown;
  restart?: string;
  healthcheck?: Record<string, unknown>;
  depends_on?: Record<string, unknown>;
  ports?: string[];
  stop_grace_period?: string;
}

export interface ComposeFile {
  name: string;
  services: Record<string, Service>;
  networks: Record<string, { driver_opts?: unknown } | null>;
}

export function readComposeFile(directory = root): ComposeFile {
  const text = readFileSync(join(directory, 'docker-compose.yml'), 'utf8');
  return parseDocument(text, { merge: true }).toJS() as ComposeFile;
}

/** The image that our own is built on. */
export function readBaseImage(): string {
  const from = /^FROM (\S+)/m.exec(readFileSync(join(root, 'Dockerfile'), 'utf8'))?.[1];
  if (from === undefined) throw new Error('The Dockerfile names no image');
  return from;
}

/** Where the services answer on this host, by service; `api:8082` is its admin listener. */
export type Ports = Record<string, number>;

/**
 * Lays the project out in a directory as an operator has it, with .env and secrets made as the
 * README says. In docker-compose.yml only what this host asks for differs: ports that are free, and
 * under podman images by name instead of by digest, no option that podman does not know, and no
 * Grafana, which no package has.
 */
export function layOut(directory: string, { hasRegistry }: Engine, ports: Ports): void {
  const listed = ['ls-files', '--cached', '--others', '--exclude-standard', '-z'];
  const names = execFileSync('git', listed, { cwd: root, encoding: 'utf8' }).split('\0');
  for (const name of names.filter((name) => name && existsSync(join(root, name)))) {
    mkdirSync(dirname(join(directory, name)), { recursive: true });
    cpSync(join(root, name), join(directory, name));
  }
  const edit = (name: string, change: (text: string) => string): void =>
    writeFileSync(join(directory, name), change(readFileSync(join(directory, name), 'utf8')));

  const compose = readComposeFile();
  compose.name = 'bulk-notify-check';
  for (const [name, service] of Object.entries(compose.services)) {
    service.ports = service.ports?.map((port) => {
      const inside = lastPart(port);
      return `127.0.0.1:${ports[`${name}:${inside}`] ?? ports[name]}:${inside}`;
    });
  }
  const provider = readFileSync(join(__dirname, 'provider.yml'), 'utf8');
  Object.assign(compose.services, parse(provider.replaceAll('REPOSITORY/', `${root}/`)));
  if (!hasRegistry) {
    makeFitForPodman(compose);
    edit('Dockerfile', withoutDigests);
  }
  // JSON is YAML of every version; a plain `no` is not.
  writeFileSync(join(directory, 'docker-compose.yml'), JSON.stringify(compose, null, 2));

  cpSync(join(directory, '.env.example'), join(directory, '.env'));
  edit('.env', (text) =>
    text.replace(/^EMAIL_API_BASE_URL=.*$/m, 'EMAIL_API_BASE_URL=http://provider:8090/api/v1'),
  );
  execFileSync('sh', ['deploy/make-secrets.sh'], { cwd: directory });
  writeFileSync(join(directory, 'secrets/external_api_admin_key.txt'), 'sandbox-admin-key');
}

/** Compose prefers a variable of its own environment to that of .env. */
export function environmentWithoutOurs(): NodeJS.ProcessEnv {
  const examples = readFileSync(join(root, '.env.example'), 'utf8');
  const names = new Set([...examples.matchAll(/^(?:# )?([A-Z][A-Z0-9_]*)=/gm)].map(([, it]) => it));
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !names.has(name)));
}

export function readSecret(directory: string, name: string): string {
  return readFileSync(join(directory, 'secrets', `${name}.txt`), 'utf8');
}

/** Each service after those that it depends on. */
export function startOrder({ services }: ComposeFile): string[] {
  const order = new Set<string>();
  const add = (name: string): void => {
    Object.keys(services[name]?.depends_on ?? {}).forEach(add);
    order.add(name);
  };
  Object.keys(services).forEach(add);
  return [...order];
}

export const withoutDigests = (text: string): string =>
  text.replaceAll(/@sha256:[0-9a-f]{64}/g, '');

const lastPart = (port: string): string => port.slice(port.lastIndexOf(':') + 1);

function makeFitForPodman(compose: ComposeFile): void {
  delete compose.services.grafana;
  for (const service of Object.values(compose.services)) {
    service.image = withoutDigests(service.image);
    delete service.healthcheck?.start_interval;
  }
  for (const network of Object.values(compose.networks)) delete network?.driver_opts;
}
