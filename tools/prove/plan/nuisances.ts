import type { Random } from '../../sandbox/random';

/** Webhooks that must be refused and start no run. */
export const NUISANCES = [
  [3, 'tampered'],
  [3, 'unsigned'],
  [3, 'foreign key'],
  [3, 'malformed'],
  [1, 'oversized'],
] as const;
export type Nuisance = (typeof NUISANCES)[number][1];

export interface PlannedNuisance {
  atMs: number;
  api: number;
  taskId: string;
  nuisance: Nuisance;
}

/** One for every twelve uploads. */
const SHARE = 1 / 12;

export function planNuisances(random: Random, times: number[]): PlannedNuisance[] {
  return times
    .filter(() => random.chance(SHARE))
    .map((atMs) => ({
      atMs: Math.round(atMs),
      api: random.whole(0, 1),
      taskId: random.uuid(),
      nuisance: random.weighted(NUISANCES),
    }));
}
