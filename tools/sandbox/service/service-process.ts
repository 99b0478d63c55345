import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { endWithParent } from '../process/end-with-parent';

export type ServiceCommand = 'setup' | 'api' | 'worker';

/** One line of the service's log. */
export type LogLine = { event: string } & Record<string, unknown>;

export interface ServiceProcess {
  pid: number;
  /** The port on which it listens. */
  port: number;
  /** The port of the admin listener, which the API has. */
  adminPort?: number;
  /** The lines that it has logged so far. */
  lines: LogLine[];
  /** The exit code, or undefined when a signal ended it. */
  exited: Promise<number | undefined>;
  /** Sends a signal (SIGTERM by default) and waits for the end. */
  stop(signal?: NodeJS.Signals): Promise<void>;
}

/** Tests run from the sources, but a service is a process of its own and runs compiled. */
const DIST = join(__dirname, '../../..', __filename.endsWith('.ts') ? 'dist' : '');
export const CLI = join(DIST, 'src', 'cli.js');

/** Runs `bulk-notify setup` to its end; of another build if `cli` names one. */
export async function runSetup(environment: Record<string, string>, cli = CLI): Promise<void> {
  const { exited, lines } = spawnService('setup', environment, cli);
  const code = await exited;
  if (code !== 0) throw new Error(`setup ended with ${code}: ${JSON.stringify(lines.at(-1))}`);
}

/** Starts `bulk-notify api` or `worker`, which runs when this resolves. */
export async function startService(
  command: 'api' | 'worker',
  environment: Record<string, string>,
  cli = CLI,
): Promise<ServiceProcess> {
  const { child, lines, exited, running } = spawnService(command, environment, cli);
  const ports = await Promise.race([
    running,
    exited.then((code) => {
      throw new Error(`${command} ended with ${code}: ${JSON.stringify(lines.at(-1))}`);
    }),
  ]);
  return {
    pid: child.pid as number,
    ...ports,
    lines,
    exited,
    async stop(signal = 'SIGTERM') {
      child.kill(signal);
      await exited;
    },
  };
}

function spawnService(command: ServiceCommand, environment: Record<string, string>, cli: string) {
  const child = spawn(process.execPath, [cli, command], {
    env: { PATH: process.env.PATH, ...environment },
    // Its own group: the process that started it hears a Ctrl-C and decides what stops when.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stderr.on('data', (text: Buffer) => void process.stderr.write(text));
  const forget = endWithParent(child.pid as number);
  const lines: LogLine[] = [];
  const running = new Promise<Pick<ServiceProcess, 'port' | 'adminPort'>>((resolve) => {
    createInterface({ input: child.stdout }).on('line', (text) => {
      const line = toLogLine(text);
      lines.push(line);
      if (!/^(?:api\.listening|worker\.running)$/.test(line.event)) return;
      resolve({ port: line.port as number, adminPort: line.admin_port as number | undefined });
    });
  });
  const exited = exitOf(child).finally(forget);
  return { child, lines, exited, running };
}

/** Output that is not a log line, such as a crash of a native module, is kept as it is. */
function toLogLine(text: string): LogLine {
  try {
    return JSON.parse(text) as LogLine;
  } catch {
    return { event: text };
  }
}

async function exitOf(child: ChildProcess): Promise<number | undefined> {
  const [code] = (await once(child, 'exit')) as [number | null];
  return code ?? undefined;
}
