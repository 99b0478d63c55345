import { parseArgs } from 'node:util';
import { terminal } from '../demo/terminal';
import { untilStopped } from '../demo/until-stopped';
import { type ClusterWishes, type SandboxCluster, startCluster } from './cluster';

const USAGE = `Usage: npm run cluster [-- [--port PORT] [--ui-port PORT]]

Starts Temporal as it runs in production: the server with all its services, on a Postgres of its
own, and the UI. Needs Go the first time, to build them. Everything stays up until Ctrl-C.

Options:
  --port PORT     where Temporal answers; default: a free port
  --ui-port PORT  where the UI does; default: a free port
  -h, --help      show this text

Exit codes: 0 done, 1 failed, 2 wrong usage, 130 stopped before it was up.
`;

const { bold, quiet, red, say } = terminal;

async function main(args: string[]): Promise<number> {
  const options = parseOptions(args);
  if (options?.help) return print(process.stdout, USAGE, 0);
  if (!options) return print(process.stderr, USAGE, 2);
  return run({ port: options.port, uiPort: options.uiPort });
}

async function run(wishes: ClusterWishes): Promise<number> {
  const { stopped } = untilStopped();
  const began = performance.now();
  say('', bold('Starts Temporal, its Postgres and its UI'), '');
  const starting = startCluster({ ...wishes, progress: (line) => say(quiet(`  ${line}`)) });
  try {
    const cluster = await Promise.race([starting, stopped]);
    if (!cluster) return 130;
    show(cluster, performance.now() - began);
    await stopped;
    return 0;
  } catch (error) {
    say(red((error as Error).message));
    return 1;
  } finally {
    say('', quiet('Stopping …'));
    await starting.then((cluster) => cluster.close()).catch(() => undefined);
    say(quiet('Everything is stopped.'));
  }
}

function show({ address, namespace, uiUrl }: SandboxCluster, tookMs: number): void {
  say(
    `  Temporal    ${address}, namespace ${namespace}`,
    `  UI          ${uiUrl}`,
    quiet(`  up after ${(tookMs / 1000).toFixed(1)} s`),
    '',
    bold('To run the service on it'),
    '',
    `  export TEMPORAL_ADDRESS=${address}`,
    '',
    'Ctrl-C stops everything, and its data is gone.',
    '',
  );
}

function parseOptions(args: string[]) {
  const options = {
    port: { type: 'string' },
    'ui-port': { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  } as const;
  try {
    const { port, 'ui-port': uiPort, help } = parseArgs({ args, options }).values;
    return { port: portOf(port), uiPort: portOf(uiPort), help };
  } catch {
    return undefined;
  }
}

function portOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d+$/.test(text) && Number(text) >= 1 && Number(text) <= 65_535) return Number(text);
  throw new Error(`${text} is no port`);
}

function print(stream: NodeJS.WriteStream, text: string, code: number): number {
  stream.write(text);
  return code;
}

void main(process.argv.slice(2)).then((code) => process.exit(code));
