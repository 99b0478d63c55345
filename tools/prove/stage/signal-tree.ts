import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Sends a signal to a process and then to its children; ignores those that have ended. */
export async function signalTree(pid: number, signal: NodeJS.Signals): Promise<void> {
  send(pid, signal);
  for (const child of await childrenOf(pid)) await signalTree(child, signal);
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

async function childrenOf(pid: number): Promise<number[]> {
  // pgrep exits with 1 when there is none.
  const found = await promisify(execFile)('pgrep', ['-P', String(pid)]).catch(() => undefined);
  return (found?.stdout ?? '').split('\n').filter(Boolean).map(Number);
}
