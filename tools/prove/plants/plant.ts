import { join } from 'node:path';

/** Bugs to plant into the service, to see that the proof fails. */
const PLANTS = ['claim-skipped', 'lost-reply-forgotten', 'duplicates-allowed'] as const;
export type Plant = (typeof PLANTS)[number];

export const isPlant = (name: string): name is Plant =>
  (PLANTS as readonly string[]).includes(name);

/** What makes each process of the service load the bug before anything else. */
export function plantEnvironment(plant: Plant): Record<string, string> {
  return { NODE_OPTIONS: `--require ${JSON.stringify(join(__dirname, `${plant}.js`))}` };
}
