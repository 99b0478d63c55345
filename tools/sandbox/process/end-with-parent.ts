import { spawn } from 'node:child_process';

/**
 * Ends a process when this one ends, also by SIGKILL: its end of the pipe is closed then, and the
 * shell that waits for that sends the signal. Returns how to forget it.
 */
export function endWithParent(pid: number, signal: 'KILL' | 'TERM' = 'KILL'): () => void {
  const guardian = spawn('/bin/sh', ['-c', `read -r _; kill -${signal} "$0"`, String(pid)], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  guardian.unref();
  return () => guardian.kill('SIGKILL');
}
