import type { UncertainPolicy } from '../../../activities/send/send-policy';
import type { Clock } from '../drive/clock';
import type { Driver } from '../drive/driver';
import { retryUntilDone } from '../drive/retry-until-done';
import type { Stage } from '../stage/stage';
import { readLedger } from './read-ledger';
import { readRuns } from './read-runs';
import type { ObservedFault, Observations } from './observations';

interface Sources {
  policy: UncertainPolicy;
  stage: Stage;
  driver: Driver;
  clock: Clock;
  faults: ObservedFault[];
}

/** Reads the final state of the driver, Temporal, the ledger and the relay. */
export async function collectObservations({
  policy,
  stage,
  driver,
  clock,
  faults,
}: Sources): Promise<Observations> {
  const { client, postgres, relay } = stage;
  const [ledger, runs] = await Promise.all([
    retryUntilDone(clock, () => readLedger(postgres.url)),
    retryUntilDone(clock, () => readRuns(client)),
  ]);
  const { uploads, nuisances } = driver;
  const { taken, refusals, submissions } = relay;
  const seen = { uploads, nuisances, runs, taken, refusals, submissions };
  return { policy, ...ledger, ...seen, faults };
}
