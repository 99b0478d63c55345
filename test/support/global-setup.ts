import { startTemporal } from '../../tools/sandbox/temporal/temporal';
import { findTimeSkippingBinary } from '../../tools/sandbox/temporal/time-skipping-binary';
import { startSuite } from './start-suite';

export default async function globalSetup(): Promise<void> {
  // Fetched once, here, since a test has a time limit; one that needs it says why it is missing.
  await findTimeSkippingBinary();
  await startSuite(startTemporal);
}
