import { startChild } from '../process/child';
import { findTimeSkippingBinary, type Search } from './time-skipping-binary';
import type { TimeSkippingOptions, TimeSkippingRunning } from './time-skipping-guardian';

export interface SandboxTimeSkipping {
  /** For `TestWorkflowEnvironment.createTimeSkipping({ server })`. */
  server: { port: number; executable: { type: 'existing-path'; path: string } };
  close(): Promise<void>;
}

/**
 * Temporal's test server, with a clock that tests share: one test at a time. The SDK would start
 * it by itself, but gives Java only five seconds, which a busy machine does not keep; so it runs
 * before the SDK is called, and what the SDK starts is a stand-in.
 */
export async function startTimeSkipping(
  search: Search = {},
): Promise<SandboxTimeSkipping | { missing: string }> {
  const found = await findTimeSkippingBinary(search);
  if ('missing' in found) return found;
  const options: TimeSkippingOptions = { binary: found.path };
  const { running, controls } = await startChild<TimeSkippingRunning>(
    'temporal/time-skipping-guardian',
    options,
  );
  const { port, standIn } = running();
  return {
    server: { port, executable: { type: 'existing-path', path: standIn } },
    close: controls.close,
  };
}
