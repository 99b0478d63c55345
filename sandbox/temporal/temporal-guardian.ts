import { join } from 'node:path';
import { acceptsConnections } from '../process/accepts-connections';
import { guard, type Part } from '../process/guardian';
import { onFreePorts } from '../process/on-free-ports';
import { type OwnedProcess, spawnOwned } from '../process/owned-process';

const host = '127.0.0.1';
const namespace = 'default';
const readyWithinMs = 60_000;

/** What newer servers have as their defaults, and search attributes that work once registered. */
const dynamicConfig = [
  'matching.useNewMatcher=true',
  'system.enableActivityEagerExecution=true',
  'frontend.WorkerHeartbeatsEnabled=true',
  'system.forceSearchAttributesCacheRefreshOnRead=true',
];

export interface TemporalOptions {
  binary: string;
  port?: number;
  uiPort?: number;
  dbFile?: string;
}

export interface TemporalRunning {
  pid: number;
  address: string;
  uiUrl: string;
}

function createTemporal(directory: string, options: TemporalOptions): Part<TemporalRunning> {
  let owned: OwnedProcess | undefined;
  let ports: (number | undefined)[] = [options.port, options.uiPort];

  async function startOn(port: number, uiPort: number): Promise<TemporalRunning> {
    const args = serverArguments(port, uiPort, options.dbFile ?? join(directory, 'temporal.db'));
    owned = spawnOwned(options.binary, args, { logFile: join(directory, 'temporal.log') });
    // First without gRPC, which waits a second after a refused connection.
    await owned.untilReady(() => acceptsConnections(port), readyWithinMs);
    await owned.untilReady(() => answers(port), readyWithinMs);
    ports = [port, uiPort];
    return { pid: owned.pid, address: `${host}:${port}`, uiUrl: `http://${host}:${uiPort}` };
  }

  return {
    start: () => onFreePorts(ports, ([port, uiPort]) => startOn(port as number, uiPort as number)),
    process: () => owned,
    signals: { stop: 'SIGTERM', discard: 'SIGKILL' },
  };
}

function serverArguments(port: number, uiPort: number, dbFile: string): string[] {
  const args = ['server', 'start-dev', '--ip', host, '--port', `${port}`, '--ui-port', `${uiPort}`];
  args.push('--log-level', 'warn', '--db-filename', dbFile);
  // Safe when the process is killed, and much faster than the default.
  args.push('--sqlite-pragma', 'journal_mode=wal', '--sqlite-pragma', 'synchronous=off');
  return args.concat(dynamicConfig.flatMap((value) => ['--dynamic-config-value', value]));
}

async function answers(port: number): Promise<void> {
  // Loaded only now: the server starts meanwhile.
  const { Connection } = await import('@temporalio/client');
  const connection = Connection.lazy({ address: `${host}:${port}`, interceptors: [] });
  try {
    await connection.withDeadline(Date.now() + 2_000, () =>
      connection.workflowService.describeNamespace({ namespace }),
    );
  } finally {
    await connection.close();
  }
}

guard('temporal', createTemporal);
