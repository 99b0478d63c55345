import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { acceptsConnections } from '../network/accepts-connections';
import { guard, type Part } from '../process/guardian';
import { onFreePorts } from '../network/on-free-ports';
import { type OwnedProcess, spawnOwned } from '../process/owned-process';

const readyWithinMs = 60_000;

export interface TimeSkippingOptions {
  binary: string;
}

export interface TimeSkippingRunning {
  port: number;
  /** An executable that starts nothing, since this server runs already. */
  standIn: string;
}

function createTimeSkipping(
  directory: string,
  options: TimeSkippingOptions,
): Part<TimeSkippingRunning> {
  let owned: OwnedProcess | undefined;

  async function startOn(port: number): Promise<TimeSkippingRunning> {
    const logFile = join(directory, 'test-server.log');
    owned = spawnOwned(options.binary, [`${port}`], { logFile });
    await owned.untilReady(() => acceptsConnections(port), readyWithinMs);
    const standIn = join(directory, 'already-running');
    await writeFile(standIn, '#!/bin/sh\n', { mode: 0o755 });
    return { port, standIn };
  }

  return {
    start: () => onFreePorts([undefined], ([port]) => startOn(port as number)),
    process: () => owned,
    signals: { stop: 'SIGTERM', discard: 'SIGKILL' },
  };
}

guard('time-skipping', createTimeSkipping);
