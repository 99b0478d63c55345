import { execFile } from 'node:child_process';
import { chown, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { postgresInstallation } from './postgres-installation';
import { type PostgresOwner, postgresOwner } from './postgres-owner';
import { closedDirectory, withinReach } from './postgres-reach';

export interface Superuser {
  user: string;
  password: string;
}

export interface Cluster {
  postgres: string;
  dataDirectory: string;
  owner: PostgresOwner | undefined;
}

/** In a directory that others may enter, since as root another user runs Postgres there. */
export async function createCluster(directory: string, superuser: Superuser): Promise<Cluster> {
  const owner = await postgresOwner();
  const installed = await postgresInstallation();
  const installation = owner ? reachable(installed, directory) : installed;
  const dataDirectory = join(directory, 'data');
  const passwordFile = join(directory, 'password');

  await mkdir(dataDirectory, { mode: 0o700 });
  await writeFile(passwordFile, superuser.password, { mode: 0o600 });
  try {
    if (owner) await give([dataDirectory, passwordFile], owner);
    await initdb(join(installation, 'bin/initdb'), { cwd: directory, ...owner }, [
      `--pgdata=${dataDirectory}`,
      `--username=${superuser.user}`,
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C',
      '--no-sync',
    ]);
  } finally {
    await rm(passwordFile);
  }
  return { postgres: join(installation, 'bin/postgres'), dataDirectory, owner };
}

/** Readable for the user that runs Postgres instead of root. */
function reachable(installation: string, directory: string): string {
  const closed = closedDirectory(directory);
  if (closed === undefined) return withinReach(installation, join(directory, 'installation'));
  const reason = `Postgres does not run as root, and other users cannot get into ${closed}`;
  throw new Error(`${reason}: set TMPDIR to a directory that is open to them`);
}

async function give(paths: string[], { uid, gid }: PostgresOwner): Promise<void> {
  for (const path of paths) await chown(path, uid, gid);
}

async function initdb(command: string, as: object, args: string[]): Promise<void> {
  try {
    await promisify(execFile)(command, args, as);
  } catch (cause) {
    const { code, message, stderr } = cause as Error & { code: unknown; stderr: string };
    // The file is there: what the system does not find is the loader that it names.
    const hint = code === 'ENOENT' ? ' (on Linux it needs glibc)' : '';
    throw new Error(`initdb failed: ${stderr.trim() || message}${hint}`, { cause });
  }
}
