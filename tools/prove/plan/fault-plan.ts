import type { Random } from '../random';

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

/** Who reaches what over a wire of its own. */
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
  /** Milliseconds from the beginning; later, if the one before on the same target takes longer. */
  atMs: number;
  forMs: number;
  target: string;
  what: string;
}

/** What can happen to a target: how likely, and how long it lasts, in seconds. */
type Menu = readonly (readonly [weight: number, fault: readonly [string, number, number]])[];

/** `stop` is SIGSTOP, then SIGCONT; `restart` is SIGTERM, then a start. */
const PROCESS: Menu = [
  [4, ['kill', 0, 6]],
  [2, ['stop', 1, 12]],
  [2, ['restart', 0, 2]],
];
/**
 * `at the dot`: when the relay has the next message and has not replied; `after the reply`: when the
 * ledger has it and Temporal has not. The longest stops outlast the heartbeat of a send, so that
 * another worker takes over.
 */
const WORKER: Menu = [
  ...PROCESS,
  [3, ['kill at the dot', 0, 4]],
  [3, ['kill after the reply', 0, 4]],
  [1, ['stop at the dot', 1, 12]],
  [1, ['stop at the dot', 32, 45]],
  [1, ['stop', 32, 45]],
];
const SERVER: Menu = [
  [2, ['kill at the dot', 0, 4]],
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
  [2, ['mute', 1, 12]],
  [1, ['mute', 30, 45]],
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
  /** Seconds between two faults, on average. */
  pause: number;
}

const TARGETS: Record<Exclude<FaultKind, 'smtp'>, Target[]> = {
  api: ['api-1', 'api-2'].map((name) => ({ name, menu: PROCESS, pause: 110 })),
  worker: ['worker-1', 'worker-2'].map((name) => ({ name, menu: WORKER, pause: 80 })),
  temporal: [{ name: 'temporal', menu: SERVER, pause: 130 }],
  postgres: [{ name: 'postgres', menu: SERVER, pause: 110 }],
  links: LINKS.map(({ name }) => ({ name, menu: LINK, pause: 120 })),
  provider: [{ name: 'provider', menu: PROVIDER, pause: 80 }],
  relay: [{ name: 'relay', menu: RELAY, pause: 80 }],
};

/** What the real cluster has beside the server. */
const CLUSTER: Target = { name: 'temporal-postgres', menu: DATABASE, pause: 150 };

/** Each target has its own row of faults, so that several parts are down at once. */
export function planFaults(
  random: Random,
  { faults, cluster, lengthMs }: { faults: FaultKind[]; cluster: boolean; lengthMs: number },
): PlannedFault[] {
  const targets = faults.flatMap((kind) => (kind === 'smtp' ? [] : TARGETS[kind]));
  if (cluster && faults.includes('temporal')) targets.push(CLUSTER);
  return targets.flatMap((target) => planTarget(random.fork(target.name), target, lengthMs));
}

function planTarget(random: Random, { name, menu, pause }: Target, lengthMs: number) {
  const planned: PlannedFault[] = [];
  const pauseMs = pause * 1_000;
  // The first one soon, so that a short run sees each target fail.
  let atMs = random.between(0.05, 0.7) * Math.min(pauseMs, lengthMs);
  while (atMs < lengthMs) {
    const [what, least, most] = random.weighted(menu);
    const forMs = Math.round(random.between(least, most) * 1_000);
    planned.push({ atMs: Math.round(atMs), forMs, target: name, what });
    atMs += forMs + random.between(0.3, 1.7) * pauseMs;
  }
  return planned;
}
