import { isInstalled } from '../peers/peer';
import type { Stage } from '../stage';
import type { Build } from './build';
import type { Contender, ContenderName } from './contender';
import { prepareBaseline, startBaseline } from './start-baseline';
import { startOurs } from './start-ours';
import { startPeer } from './start-peer';
import { startSimple } from './start-simple';

export interface Choice {
  contenders: readonly ContenderName[];
  /** A built checkout of another commit. */
  baseline?: string;
}

type Start = (stage: Stage, baseline: () => Promise<Build>) => Promise<Contender>;

const starts: Record<ContenderName, Start> = {
  ours: (stage) => startOurs(stage, { name: 'ours' }),
  'ours, rate limit': (stage) => startOurs(stage, { name: 'ours, rate limit' }),
  baseline: async (stage, baseline) => startBaseline(stage, await baseline(), { name: 'baseline' }),
  'baseline, rate limit': async (stage, baseline) =>
    startBaseline(stage, await baseline(), { name: 'baseline, rate limit' }),
  naive: (stage) => startSimple(stage, 'naive'),
  'naive, rate limit': (stage) => startSimple(stage, 'naive, rate limit'),
  floor: (stage) => startSimple(stage, 'floor'),
  'floor, rate limit': (stage) => startSimple(stage, 'floor, rate limit'),
  bare: (stage) => startSimple(stage, 'bare'),
  'bare, our start': (stage) => startSimple(stage, 'bare, our start'),
  'pg-boss': (stage) => startPeer(stage, 'pg-boss'),
  'graphile-worker': (stage) => startPeer(stage, 'graphile-worker'),
  BullMQ: (stage) => startPeer(stage, 'BullMQ'),
};

/** Why a contender cannot be measured on this machine or by this command. */
export function whyAbsent(name: ContenderName, { baseline }: Choice): string | undefined {
  if (name.startsWith('baseline')) return baseline ? undefined : '--baseline names no checkout';
  const peers: Partial<Record<ContenderName, string>> = {
    'pg-boss': 'pg-boss',
    'graphile-worker': 'graphile-worker',
    BullMQ: 'bullmq',
  };
  const needed = peers[name];
  if (needed && !isInstalled(needed)) return 'not installed';
  if (name === 'BullMQ' && !process.env.REDIS_URL) return 'REDIS_URL is not set';
  return undefined;
}

/** Sequential, because concurrent starts slow each other down. */
export async function startContenders(stage: Stage, choice: Choice): Promise<Contender[]> {
  let prepared: Promise<Build> | undefined;
  const baseline = () => (prepared ??= prepareBaseline(stage, choice.baseline ?? ''));
  const contenders: Contender[] = [];
  for (const name of choice.contenders.filter((it) => !whyAbsent(it, choice)))
    contenders.push(await starts[name](stage, baseline));
  return contenders;
}
