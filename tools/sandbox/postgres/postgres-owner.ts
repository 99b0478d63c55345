import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const unprivileged = 'nobody';

export interface PostgresOwner {
  uid: number;
  gid: number;
}

/** The user that runs Postgres instead of root, which it refuses. */
export async function postgresOwner(): Promise<PostgresOwner | undefined> {
  if (process.geteuid?.() !== 0) return undefined;
  const [uid, gid] = await Promise.all([idOf('-u'), idOf('-g')]);
  return { uid, gid };
}

/** Asks the system and reads no file: Postgres looks its user up the same way. */
async function idOf(flag: '-u' | '-g'): Promise<number> {
  try {
    const { stdout } = await promisify(execFile)('id', [flag, unprivileged]);
    return Number(stdout);
  } catch (cause) {
    const message = `Postgres does not run as root, and this system has no user \`${unprivileged}\``;
    throw new Error(`${message}: run as another user than root`, { cause });
  }
}
