import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { guard, type Part } from '../process/guardian';
import { onFreePorts } from '../network/on-free-ports';
import { type OwnedProcess, spawnOwned } from '../process/owned-process';
import { type Cluster, createCluster } from './postgres-cluster';
import { supabaseShape } from './supabase-shape';
import { withClient } from './with-client';

const host = '127.0.0.1';
const readyWithinMs = 30_000;

const settings = [
  `listen_addresses=${host}`,
  // Nothing outside its own directory, so that nothing is left when it is killed.
  'unix_socket_directories=',
  'dynamic_shared_memory_type=mmap',
  'max_connections=300',
  // A cluster lives for one run: it has to survive a crash of Postgres, not one of the machine.
  'fsync=off',
];

export interface PostgresRunning {
  pid: number;
  url: string;
}

export interface PostgresOptions {
  superuser?: string;
  /** SQL that is run at the first start. */
  shape?: string;
}

function createPostgres(
  directory: string,
  { superuser: user = 'postgres', shape = supabaseShape }: PostgresOptions,
): Part<PostgresRunning> {
  const password = `sandbox-database-${randomBytes(12).toString('base64url')}`;
  let cluster: Cluster | undefined;
  let owned: OwnedProcess | undefined;
  let port: number | undefined;

  async function startOn(
    chosen: number,
    { postgres, dataDirectory, owner }: Cluster,
  ): Promise<PostgresRunning> {
    const args = ['-D', dataDirectory, '-p', `${chosen}`, ...settings.flatMap((it) => ['-c', it])];
    owned = spawnOwned(postgres, args, { logFile: join(directory, 'postgres.log'), ...owner });

    const url = `postgres://${user}:${password}@${host}:${chosen}/postgres`;
    await owned.untilReady(() => query(url, 'select 1'), readyWithinMs);
    if (port === undefined) await query(url, shape);
    port = chosen;
    return { pid: owned.pid, url };
  }

  return {
    async start() {
      // Backends outlive a postmaster that was killed by moments, and keep its shared memory.
      await owned?.untilGone();
      const created = (cluster ??= await createCluster(directory, { user, password }));
      return onFreePorts([port], ([chosen]) => startOn(chosen as number, created));
    },
    process: () => owned,
    signals: { stop: 'SIGINT', discard: 'SIGQUIT' },
  };
}

async function query(url: string, sql: string): Promise<void> {
  await withClient(url, (client) => client.query(sql));
}

guard('postgres', createPostgres);
