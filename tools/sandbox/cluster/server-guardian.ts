import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { acceptsConnections } from '../network/accepts-connections';
import { guard, type Part } from '../process/guardian';
import { onFreePorts } from '../network/on-free-ports';
import { type OwnedProcess, spawnOwned } from '../process/owned-process';
import { askTemporal } from '../temporal/ask-temporal';
import { servesNamespace } from '../temporal/serves-namespace';
import type { Database } from './database';
import { dynamicConfigYaml, type ServicePorts, serverConfig } from './server-config';

const host = '127.0.0.1';
const namespace = 'default';
const readyWithinMs = 120_000;

export interface ServerOptions {
  binary: string;
  database: Database;
  port?: number;
}

export interface ServerRunning {
  pid: number;
  address: string;
}

function createServer(directory: string, options: ServerOptions): Part<ServerRunning> {
  let owned: OwnedProcess | undefined;
  let ports: (number | undefined)[] = [options.port, ...Array<undefined>(7).fill(undefined)];

  async function startOn(chosen: number[]): Promise<ServerRunning> {
    await writeConfig(chosen);
    const args = ['--root', directory, '--config', '.', '--env', 'server', '--allow-no-auth'];
    const logFile = join(directory, 'server.log');
    owned = spawnOwned(options.binary, [...args, 'start'], { logFile });

    const [port] = chosen as [number];
    const address = `${host}:${port}`;
    // First without gRPC, which waits a second after a refused connection.
    await owned.untilReady(() => acceptsConnections(port), readyWithinMs);
    const serves = () => askTemporal(address, (it) => servesNamespace(it, namespace));
    await owned.untilReady(serves, readyWithinMs);
    ports = chosen;
    return { pid: owned.pid, address };
  }

  async function writeConfig(chosen: number[]): Promise<void> {
    const dynamicConfigFile = join(directory, 'dynamic-config.yaml');
    await writeFile(dynamicConfigFile, dynamicConfigYaml);
    const config = serverConfig(options.database, servicePorts(chosen), dynamicConfigFile);
    // It holds the password.
    const mode = 0o600;
    await writeFile(join(directory, 'server.yaml'), JSON.stringify(config), { mode });
  }

  return {
    start: () => onFreePorts(ports, startOn),
    process: () => owned,
    signals: { stop: 'SIGTERM', discard: 'SIGKILL' },
  };
}

function servicePorts(ports: number[]): ServicePorts {
  const ofService = (nth: number) => ({
    grpc: ports[2 * nth] as number,
    membership: ports[2 * nth + 1] as number,
  });
  return {
    frontend: ofService(0),
    history: ofService(1),
    matching: ofService(2),
    worker: ofService(3),
  };
}

guard('temporal-server', createServer);
