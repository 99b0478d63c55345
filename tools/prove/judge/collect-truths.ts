import type { UncertainPolicy } from '../../../activities/types';
import type { Clock } from '../drive/clock';
import type { Driver } from '../drive/driver';
import { patiently } from '../drive/patiently';
import type { Stage } from '../stage/stage';
import { readLedger } from './read-ledger';
import { readRuns } from './read-runs';
import type { Truths } from './truths';

interface Sources {
  policy: UncertainPolicy;
  stage: Stage;
  driver: Driver;
  clock: Clock;
}

/** What the driver, Temporal, the ledger and the relay know when all is over. */
export async function collectTruths({ policy, stage, driver, clock }: Sources): Promise<Truths> {
  const { client, postgres, relay } = stage;
  const [ledger, runs] = await Promise.all([
    patiently(clock, () => readLedger(postgres.url)),
    patiently(clock, () => readRuns(client)),
  ]);
  const { uploads, nuisances } = driver;
  const { taken, refusals } = relay;
  return { policy, uploads, nuisances, runs, ...ledger, taken, refusals };
}
