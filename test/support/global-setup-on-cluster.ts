import { startCluster } from '../../tools/sandbox/cluster/cluster';
import { startSuite } from './start-suite';

export default function globalSetupOnCluster(): Promise<void> {
  process.env.TEST_ON_CLUSTER = 'true';
  return startSuite(startCluster);
}
