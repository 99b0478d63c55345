import { join } from 'node:path';

/** Bugs that the proof has to find. */
const MUTANTS = ['claim-skipped', 'lost-reply-forgotten', 'duplicates-allowed'] as const;
export type Mutant = (typeof MUTANTS)[number];

export const isMutant = (name: string): name is Mutant =>
  (MUTANTS as readonly string[]).includes(name);

/** Loads the bug into each process of the service before anything else. */
export function mutantEnvironment(mutant: Mutant): Record<string, string> {
  return { NODE_OPTIONS: `--require ${JSON.stringify(join(__dirname, `${mutant}.js`))}` };
}
