import { readdirSync, readFileSync } from 'node:fs';

/** Of Linux: USER_HZ, which has been 100 on every architecture that Node runs on. */
const MS_PER_TICK = 10;

/**
 * Milliseconds of CPU that these processes and all below them have used so far. A child that has
 * ended counts by what its parent has waited for, so nothing is lost when a backend of Postgres ends.
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
  /** User and system time, its own and that of children it has waited for. */
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
    // It ended between the listing and the reading.
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
