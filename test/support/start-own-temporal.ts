import { startCluster } from '../../sandbox/cluster/cluster';
import { startTemporal, type SandboxTemporal } from '../../sandbox/temporal/temporal';

/** For a test that stops it: a Temporal like the suite's, the test's own. */
export function startOwnTemporal(): Promise<SandboxTemporal> {
  return process.env.TEST_ON_CLUSTER ? startCluster() : startTemporal();
}
