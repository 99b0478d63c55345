import { startTemporalServer } from '../../tools/sandbox/cluster/start-temporal-server';
import type { SandboxTemporal } from '../../tools/sandbox/temporal/temporal';

/** For a test that stops it: a Temporal like the suite's, the test's own. */
export function startOwnTemporal(): Promise<SandboxTemporal> {
  return startTemporalServer(Boolean(process.env.TEST_ON_CLUSTER));
}
