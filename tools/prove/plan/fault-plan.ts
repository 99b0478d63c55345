import type { Random } from '../../sandbox/random';

export const FAULT_KINDS = [
  'api',
  'worker',
  'temporal',
  'postgres',
  'links',
  'provider',
  'relay',
  'smtp',
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

/** The connections that lead through a proxy of their own. */
export const LINKS = [
  ...['api-1', 'api-2'].map((api) => toLink(api, 'temporal')),
  ...['worker-1', 'worker-2'].flatMap((worker) =>
    ['temporal', 'postgres', 'relay', 'provider'].map((part) => toLink(worker, part)),
  ),
];

function toLink(from: string, to: string) {
  return { from, to, name: `${from}→${to}` };
}

export interface PlannedFault {
  /** Milliseconds from the beginning; later if the previous fault of the target is not yet over. */
  atMs: number;
  forMs: number;
  target: string;
  what: string;
}

/** The faults of a target: weight, name, and minimum and maximum duration in seconds. */
type Menu = readonly (readonly [weight: number, fault: readonly [string, number, number]])[];

/** `stop` is SIGSTOP, then SIGCONT; `restart` is SIGTERM, then a start. */
const PROCESS: Menu = [
  [4, ['kill', 0, 6]],
  [2, ['stop', 1, 12]],
  [2, ['restart', 0, 2]],
];
/**
 * `at the final dot`: the relay has a message and has not replied. `after the reply`: the ledger has
 * the reply and Temporal has not. The longest stops outlast the heartbeat timeout of a send, so that
 * another worker takes over.
 */
const WORKER: Menu = [
  ...PROCESS,
  [3, ['kill at the final dot', 0, 4]],
  [3, ['kill after the reply', 0, 4]],
  [1, ['stop at the final dot', 1, 12]],
  [1, ['stop at the final dot', 32, 45]],
  [1, ['stop', 32, 45]],
];
const SERVER: Menu = [
  [2, ['kill at the final dot', 0, 4]],
  [3, ['kill', 0, 5]],
  [2, ['stop', 1, 8]],
  [1, ['restart', 0, 2]],
];
const DATABASE: Menu = [
  [3, ['kill', 0, 5]],
  [2, ['stop', 1, 8]],
];
const LINK: Menu = [
  [2, ['cut', 0, 5]],
  [2, ['blackhole', 1, 12]],
  [1, ['blackhole', 30, 45]],
];
const PROVIDER: Menu = [
  [2, ['500', 2, 10]],
  [2, ['503', 2, 10]],
  [2, ['429', 2, 8]],
  [2, ['slow', 3, 10]],
];
const RELAY: Menu = [[1, ['kill', 1, 10]]];

interface Target {
  name: string;
  menu: Menu;
  /** Average time between two faults. */
  pauseSeconds: number;
}

const TARGETS: Record<Exclude<FaultKind, 'smtp'>, Target[]> = {
  api: ['api-1', 'api-2'].map((name) => ({ name, menu: PROCESS, pauseSeconds: 110 })),
  worker: ['worker-1', 'worker-2'].map((name) => ({ name, menu: WORKER, pauseSeconds: 80 })),
  temporal: [{ name: 'temporal', menu: SERVER, pauseSeconds: 130 }],
  postgres: [{ name: 'postgres', menu: SERVER, pauseSeconds: 110 }],
  links: LINKS.map(({ name }) => ({ name, menu: LINK, pauseSeconds: 120 })),
  provider: [{ name: 'provider', menu: PROVIDER, pauseSeconds: 80 }],
  relay: [{ name: 'relay', menu: RELAY, pauseSeconds: 80 }],
};

/** The database of the real server. */
const CLUSTER: Target = { name: 'temporal-postgres', menu: DATABASE, pauseSeconds: 150 };

/** Plans the faults of each target independently, so that several parts are down at once. */
export function planFaults(
  random: Random,
  { faults, cluster, lengthMs }: { faults: FaultKind[]; cluster: boolean; lengthMs: number },
): PlannedFault[] {
  const targets = faults.flatMap((kind) => (kind === 'smtp' ? [] : TARGETS[kind]));
  if (cluster && faults.includes('temporal')) targets.push(CLUSTER);
  return targets.flatMap((target) => planTarget(random.fork(target.name), target, lengthMs));
}

function planTarget(random: Random, { name, menu, pauseSeconds }: Target, lengthMs: number) {
  const planned: PlannedFault[] = [];
  const pauseMs = pauseSeconds * 1_000;
  // The first fault comes early, so that each target fails in a short run.
  let atMs = random.between(0.05, 0.7) * Math.min(pauseMs, lengthMs);
  while (atMs < lengthMs) {
    const [what, least, most] = random.weighted(menu);
    const forMs = Math.round(random.between(least, most) * 1_000);
    planned.push({ atMs: Math.round(atMs), forMs, target: name, what });
    atMs += forMs + random.between(0.3, 1.7) * pauseMs;
  }
  return planned;
}
