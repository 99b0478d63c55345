import { join } from 'node:path';

/** Bugs that the proof has to find. */
export const MUTANTS = [
  'claim-skipped',
  'lost-reply-forgotten',
  'duplicates-allowed',
  'no-called-ambiguous',
  'reply-behind',
] as const;
export type Mutant = (typeof MUTANTS)[number];

/** Loads the bugs into each process of the service before anything else. */
export function mutantEnvironment(mutants: Mutant[]): Record<string, string> {
  const files = mutants.map((mutant) => JSON.stringify(join(__dirname, `${mutant}.js`)));
  return { NODE_OPTIONS: files.map((file) => `--require ${file}`).join(' ') };
}
