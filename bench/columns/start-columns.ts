import type { Stage } from '../stage';
import { startBaseline } from './baseline-column';
import type { Column, ColumnName } from './column';
import { startOurs } from './our-column';

type Start = (stage: Stage) => Promise<Column>;

const starts: Record<ColumnName, Start> = {
  ours: (stage) => startOurs(stage, 'ours'),
  'ours, rate limit': (stage) => startOurs(stage, 'ours, rate limit'),
  naive: (stage) => startBaseline(stage, 'naive'),
  floor: (stage) => startBaseline(stage, 'floor'),
  bare: (stage) => startBaseline(stage, 'bare'),
};

/** One after the other: what starts beside others starts slowly. */
export async function startColumns(stage: Stage, names: readonly ColumnName[]): Promise<Column[]> {
  const columns: Column[] = [];
  for (const name of names) columns.push(await starts[name](stage));
  return columns;
}
