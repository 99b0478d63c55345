import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onFreePorts } from '../../../tools/sandbox/network/on-free-ports';
import { programDirectory, startForeground } from './foreground';
import { program } from './program';

export interface Proxy {
  port: number;
  log(): string;
  close(): Promise<void>;
}

interface Recipe {
  /** Of the configurations that the repository recommends. */
  file: string;
  /** The file as it stands in a whole configuration, and how to run that. */
  complete(directory: string, configuration: string): string;
  command(directory: string, file: string): [string, ...string[]];
}

const recipes = {
  nginx: {
    file: 'nginx.conf',
    complete: (directory, configuration) => `daemon off;
pid ${directory}/pid;
events {}
http {
access_log off;
client_body_temp_path ${fileIn(directory, 'bodies')};
proxy_temp_path ${directory}/answers;
${configuration}
}`,
    command: (directory, file) => [program('nginx'), '-p', directory, '-e', 'stderr', '-c', file],
  },
  HAProxy: {
    file: 'haproxy.cfg',
    complete: (_directory, configuration) => configuration,
    command: (_directory, file) => [program('haproxy'), '-db', '-f', file],
  },
  Caddy: {
    file: 'Caddyfile',
    complete: (_directory, configuration) => `{\nadmin off\n}\n${configuration}`,
    command: (directory, file) => [
      ...([program('env'), `XDG_CONFIG_HOME=${directory}`, `XDG_DATA_HOME=${directory}`] as const),
      ...([program('caddy'), 'run', '--config', file, '--adapter', 'caddyfile'] as const),
    ],
  },
} satisfies Record<string, Recipe>;

/** In place of a directory: nginx answers 500 to a body that it wants to write there. */
function fileIn(directory: string, name: string): string {
  const file = join(directory, name);
  writeFileSync(file, '');
  return file;
}

export type ProxyName = keyof typeof recipes;
export const proxyNames = Object.keys(recipes) as ProxyName[];

/** A proxy before two APIs, with the configuration that the repository recommends. */
export async function startProxy(name: ProxyName, apiPorts: [number, number]): Promise<Proxy> {
  const recipe: Recipe = recipes[name];
  const recommended = readFileSync(join(__dirname, '../../../deploy/proxies', recipe.file), 'utf8');
  const { path: directory, remove } = programDirectory(name);
  return onFreePorts([undefined], async ([port]) => {
    const configuration = recommended
      .replaceAll('127.0.0.1:8000', `127.0.0.1:${port}`)
      .replaceAll('127.0.0.1:8080', `127.0.0.1:${apiPorts[0]}`)
      .replaceAll('127.0.0.1:8090', `127.0.0.1:${apiPorts[1]}`);
    const file = join(directory, recipe.file);
    writeFileSync(file, recipe.complete(directory, configuration));
    const [command, ...args] = recipe.command(directory, file);
    const running = await startForeground(command, { args, port: port as number, directory });
    return {
      port: port as number,
      log: running.log,
      async close() {
        await running.stop();
        remove();
      },
    };
  });
}
