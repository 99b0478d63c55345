import { type Controls, startChild } from '../process/child';
import { type Progress, progressOnStderr } from '../process/progress';
import { findTemporalBinary } from './temporal-binary';
import type { TemporalOptions, TemporalRunning } from './temporal-guardian';

export interface SandboxTemporal extends Controls {
  address: string;
  namespace: 'default';
  uiUrl: string;
  readonly pid: number;
}

export interface TemporalWishes {
  port?: number;
  uiPort?: number;
  /** Kept by `close()`, unlike the file that is used when none is named. */
  dbFile?: string;
  progress?: Progress;
}

/** The real dev server with its UI, on 127.0.0.1; it answers when this resolves. */
export async function startTemporal({
  progress = progressOnStderr,
  ...wishes
}: TemporalWishes = {}): Promise<SandboxTemporal> {
  const binary = await findTemporalBinary({ progress });
  const options: TemporalOptions = { binary, ...wishes };
  const { running, controls } = await startChild<TemporalRunning>(
    'temporal/temporal-guardian',
    options,
  );
  const { address, uiUrl } = running();
  return {
    ...controls,
    address,
    namespace: 'default',
    uiUrl,
    get pid() {
      return running().pid;
    },
  };
}
