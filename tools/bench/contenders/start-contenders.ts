import { isInstalled } from '../peers/peer';
import type { Stage } from '../stage';
import { startBaseline } from './start-baseline';
import type { Contender, ContenderName } from './contender';
import { startOurs } from './start-ours';
import { startPeer } from './start-peer';

const starts: Record<ContenderName, (stage: Stage) => Promise<Contender>> = {
  ours: (stage) => startOurs(stage, 'ours'),
  'ours, rate limit': (stage) => startOurs(stage, 'ours, rate limit'),
  naive: (stage) => startBaseline(stage, 'naive'),
  'naive, rate limit': (stage) => startBaseline(stage, 'naive, rate limit'),
  floor: (stage) => startBaseline(stage, 'floor'),
  'floor, rate limit': (stage) => startBaseline(stage, 'floor, rate limit'),
  bare: (stage) => startBaseline(stage, 'bare'),
  'bare, our start': (stage) => startBaseline(stage, 'bare, our start'),
  'pg-boss': (stage) => startPeer(stage, 'pg-boss'),
  'graphile-worker': (stage) => startPeer(stage, 'graphile-worker'),
  BullMQ: (stage) => startPeer(stage, 'BullMQ'),
};

/** Why a contender cannot be measured on this machine. */
export function whyAbsent(name: ContenderName): string | undefined {
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
export async function startContenders(
  stage: Stage,
  names: readonly ContenderName[],
): Promise<Contender[]> {
  const contenders: Contender[] = [];
  for (const name of names.filter((it) => !whyAbsent(it)))
    contenders.push(await starts[name](stage));
  return contenders;
}
