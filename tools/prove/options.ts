import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import type { UncertainPolicy } from '../../activities/send/send-policy';
import { FAULT_KINDS, type FaultKind } from './plan/fault-plan';
import { type Mutant, MUTANTS } from './mutants/mutant';

export interface ProveOptions {
  seed: string;
  minutes: number;
  policies: UncertainPolicy[];
  faults: FaultKind[];
  /** Uploads a second. */
  rate: number;
  /** The workers' SMTP_MAX_PER_SECOND, with which the first attempt is an activity as well. */
  maxPerSecond?: number;
  /** The real server on its own Postgres instead of the dev server. */
  cluster: boolean;
  mutants: Mutant[];
  /** File for the JSON report. */
  json?: string;
}

const POLICIES: UncertainPolicy[] = ['resend', 'park', 'assume_sent'];

/** Throws an error that names the bad option. */
export function parseOptions(args: string[]): ProveOptions | 'help' {
  const { values } = parseArgs({
    args,
    options: {
      seed: { type: 'string', default: String(randomInt(1_000_000)) },
      minutes: { type: 'string', default: '2' },
      policy: { type: 'string', default: 'resend' },
      faults: { type: 'string', default: 'all' },
      rate: { type: 'string', default: '2' },
      'max-per-second': { type: 'string' },
      cluster: { type: 'boolean', default: false },
      mutant: { type: 'string' },
      json: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return 'help';
  const { seed, cluster, json, 'max-per-second': maxPerSecond } = values;
  return {
    seed,
    minutes: toPositive('minutes', values.minutes),
    policies: values.policy === 'all' ? POLICIES : [oneOf('policy', values.policy, POLICIES)],
    faults: toFaults(values.faults),
    rate: toPositive('rate', values.rate),
    maxPerSecond:
      maxPerSecond === undefined ? undefined : toPositive('max-per-second', maxPerSecond),
    cluster,
    mutants: values.mutant === undefined ? [] : listOf('mutant', values.mutant, MUTANTS),
    json,
  };
}

/** The command that repeats the run under one policy. */
export function commandOf(options: ProveOptions, policy: UncertainPolicy): string {
  const { seed, minutes, faults, rate, maxPerSecond, cluster, mutants } = options;
  const kinds = faults.length === FAULT_KINDS.length ? 'all' : faults.join() || 'none';
  const args = [`--seed ${seed} --minutes ${minutes} --policy ${policy} --faults ${kinds}`];
  if (rate !== 2) args.push(`--rate ${rate}`);
  if (maxPerSecond) args.push(`--max-per-second ${maxPerSecond}`);
  if (cluster) args.push('--cluster');
  if (mutants.length > 0) args.push(`--mutant ${mutants.join()}`);
  return `npm run prove -- ${args.join(' ')}`;
}

function toFaults(text: string): FaultKind[] {
  if (text === 'all') return [...FAULT_KINDS];
  if (text === 'none') return [];
  return listOf('faults', text, FAULT_KINDS);
}

function listOf<T extends string>(name: string, text: string, known: readonly T[]): T[] {
  return text.split(',').map((entry) => oneOf(name, entry, known));
}

function toPositive(name: string, text: string): number {
  const number = Number(text);
  if (number > 0 && Number.isFinite(number)) return number;
  throw new Error(`--${name} must be a number above 0`);
}

function oneOf<T extends string>(name: string, text: string, known: readonly T[]): T {
  const found = known.find((entry) => entry === text);
  if (found) return found;
  throw new Error(`--${name}: ${text} is none of ${known.join(', ')}`);
}
