import { join } from 'node:path';
import { acceptsConnections } from '../network/accepts-connections';
import { guard, type Part } from '../process/guardian';
import { onFreePorts } from '../network/on-free-ports';
import { type OwnedProcess, spawnOwned } from '../process/owned-process';
import { askTemporal } from './ask-temporal';
import { dynamicConfig } from './dynamic-config';
import { servesNamespace } from './serves-namespace';

const host = '127.0.0.1';
const namespace = 'default';
const readyWithinMs = 60_000;

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
    const address = `${host}:${port}`;
    await owned.untilReady(() => answers(address), readyWithinMs);
    ports = [port, uiPort];
    return { pid: owned.pid, address, uiUrl: `http://${host}:${uiPort}` };
  }

  return {
    start: () => onFreePorts(ports, ([port, uiPort]) => startOn(port as number, uiPort as number)),
    process: () => owned,
    signals: { stop: 'SIGTERM', discard: 'SIGKILL' },
  };
}

/** In seconds: a closed run is deleted once its queue has noted the end, by default after half a minute. */
const DELETION = { 'history.transferProcessorUpdateAckInterval': 1 };

function serverArguments(port: number, uiPort: number, dbFile: string): string[] {
  const args = ['server', 'start-dev', '--ip', host, '--port', `${port}`, '--ui-port', `${uiPort}`];
  args.push('--log-level', 'warn', '--db-filename', dbFile);
  // Safe when the process is killed, and much faster than the default.
  args.push('--sqlite-pragma', 'journal_mode=wal', '--sqlite-pragma', 'synchronous=off');
  const config = Object.entries({ ...dynamicConfig, ...DELETION });
  const settings = config.map(([key, value]) => `${key}=${value}`);
  return args.concat(settings.flatMap((setting) => ['--dynamic-config-value', setting]));
}

const answers = (address: string): Promise<void> =>
  askTemporal(address, (connection) => servesNamespace(connection, namespace));

guard('temporal', createTemporal);
