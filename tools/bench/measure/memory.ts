import { readFileSync } from 'node:fs';

/** Resident memory of these processes (proc(5): VmRSS). */
export function residentMegabytes(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + residentKib(pid) / 1_024, 0);
}

function residentKib(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]);
}
