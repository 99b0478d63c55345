import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { acceptsConnections } from '../../../tools/sandbox/network/accepts-connections';
import { endWithParent } from '../../../tools/sandbox/process/end-with-parent';
import { spawnOwned } from '../../../tools/sandbox/process/owned-process';

const READY_TIMEOUT_MS = 60_000;

export interface Foreground {
  pid: number;
  /** What the program has written so far. */
  log(): string;
  stop(): Promise<void>;
}

interface Start {
  args: string[];
  /** Where it listens when it is ready. */
  port: number;
  directory: string;
  owner?: { uid: number; gid: number };
}

/** Runs a program in the foreground until `stop`; it does not outlive this process. */
export async function startForeground(command: string, start: Start): Promise<Foreground> {
  const { args, port, directory, owner } = start;
  const logFile = join(directory, 'log');
  const owned = spawnOwned(command, args, { logFile, ...owner });
  const forget = endWithParent(owned.pid, 'TERM');
  const stop = () => owned.end('SIGTERM').finally(forget);
  try {
    await owned.untilReady(() => acceptsConnections(port), READY_TIMEOUT_MS);
  } catch (error) {
    forget();
    throw error;
  }
  return { pid: owned.pid, log: () => readFileSync(logFile, 'utf8'), stop };
}

/** A directory of a program's own, which the users that it changes to can enter. */
export function programDirectory(name: string) {
  const path = mkdtempSync(join(tmpdir(), `interop-${name}-`));
  chmodSync(path, 0o711);
  return { path, remove: () => rmSync(path, { recursive: true, force: true, maxRetries: 5 }) };
}
