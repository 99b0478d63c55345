import { startTemporal } from '../../tools/sandbox/temporal/temporal';
import { findTimeSkippingBinary } from '../../tools/sandbox/temporal/time-skipping-binary';
import { startSuite } from './start-suite';

export default async function globalSetup(): Promise<void> {
  // The binary is fetched once, here, since a test has a time limit; one that needs it says why it is missing.
  await Promise.all([startSuite(startTemporal), findTimeSkippingBinary()]);
}
