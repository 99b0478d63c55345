import { execFileSync } from 'node:child_process';

/** The processes that a process has started, and those that they have. */
export function descendants(root: number): number[] {
  const table = execFileSync('ps', ['-e', '-o', 'pid=,ppid=']).toString().trim().split('\n');
  const pairs = table.map((line) => line.trim().split(/\s+/).map(Number));
  const below = (parent: number): number[] =>
    pairs.flatMap(([pid, ppid]) => (ppid === parent ? [pid!, ...below(pid!)] : []));
  return below(root);
}
