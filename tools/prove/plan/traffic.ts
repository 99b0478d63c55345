import type { Outcome } from '../../../workflows/core/outcome';
import type { Random } from '../../sandbox/random';
import { planNuisances, type PlannedNuisance } from './nuisances';
import { planUpload, type PlannedUpload } from './upload-plan';

export interface Traffic {
  uploads: PlannedUpload[];
  nuisances: PlannedNuisance[];
}

export interface PlannedPost {
  atMs: number;
  /** Index of the API process that is tried first. */
  api: number;
  /** The outcome that this webhook reports. */
  outcome: Outcome;
}

/** Uploads at a steady rate; their webhooks come early, late, twice, out of order or never. */
export function planTraffic(random: Random, rate: number, lengthMs: number): Traffic {
  const count = Math.max(1, Math.round((lengthMs / 1_000) * rate));
  const times = Array.from({ length: count }, (_, index) => (index * lengthMs) / count);
  const uploads = times.map((atMs) => planUpload(random, atMs, lengthMs));
  return { uploads, nuisances: planNuisances(random.fork('nuisances'), times) };
}
