import { startTemporal } from '../../tools/sandbox/temporal/temporal';
import { startSuite } from './start-suite';

export default function globalSetup(): Promise<void> {
  return startSuite(startTemporal);
}
