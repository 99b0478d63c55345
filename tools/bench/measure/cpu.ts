import { readdirSync, readFileSync } from 'node:fs';

/** Linux's USER_HZ is 100 on every architecture that Node supports. */
const MS_PER_TICK = 10;

/**
 * CPU milliseconds used so far by these processes and their descendants. A child that has ended is
 * included in the times of its parent, such as a backend of Postgres.
 */
export function cpuMs(pids: readonly number[]): number {
  const all = readProcesses();
  const children = new Map<number, number[]>();
  for (const { pid, parent } of all.values()) {
    children.set(parent, [...(children.get(parent) ?? []), pid]);
  }
  const ticksBelow = (pid: number): number =>
    (all.get(pid)?.ticks ?? 0) +
    (children.get(pid) ?? []).reduce((sum, child) => sum + ticksBelow(child), 0);
  return pids.reduce((sum, pid) => sum + ticksBelow(pid), 0) * MS_PER_TICK;
}

interface ProcessTimes {
  pid: number;
  parent: number;
  /** User and system time, including children that have ended. */
  ticks: number;
}

function readProcesses(): Map<number, ProcessTimes> {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const times = pids.map((pid) => readTimes(Number(pid))).filter((it) => it !== undefined);
  return new Map(times.map((it) => [it.pid, it]));
}

function readTimes(pid: number): ProcessTimes | undefined {
  try {
    return parseStat(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    // The process ended after it was listed.
    return undefined;
  }
}

/** One line of /proc/PID/stat (proc(5)); the name in parentheses may hold anything. */
export function parseStat(line: string): ProcessTimes {
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
  const [utime, stime, cutime, cstime] = fields.slice(11, 15).map(Number);
  return {
    pid: parseInt(line),
    parent: Number(fields[1]),
    ticks: (utime ?? 0) + (stime ?? 0) + (cutime ?? 0) + (cstime ?? 0),
  };
}
