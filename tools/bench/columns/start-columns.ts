import { isInstalled } from '../peers/peer';
import type { Stage } from '../stage';
import { startBaseline } from './baseline-column';
import type { Column, ColumnName } from './column';
import { startOurs } from './our-column';
import { startPeer } from './peer-column';

const starts: Record<ColumnName, (stage: Stage) => Promise<Column>> = {
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

/** Why a column is not measured here. */
export function whyAbsent(name: ColumnName): string | undefined {
  const peers: Partial<Record<ColumnName, string>> = {
    'pg-boss': 'pg-boss',
    'graphile-worker': 'graphile-worker',
    BullMQ: 'bullmq',
  };
  const needed = peers[name];
  if (needed && !isInstalled(needed)) return 'not installed';
  if (name === 'BullMQ' && !process.env.REDIS_URL) return 'REDIS_URL is not set';
  return undefined;
}

/** One after the other: what starts beside others starts slowly. */
export async function startColumns(stage: Stage, names: readonly ColumnName[]): Promise<Column[]> {
  const columns: Column[] = [];
  for (const name of names.filter((it) => !whyAbsent(it))) columns.push(await starts[name](stage));
  return columns;
}
