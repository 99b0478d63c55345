import { NativeConnection } from '@temporalio/worker';
import { setTimeout as delay } from 'node:timers/promises';
import type { TemporalConfig } from '../config/read-temporal';
import type { Logger } from '../telemetry/logger';

const RECONNECT_DELAY_MS = 1_000;

/** Connects as soon as the server can be reached; undefined when `stop` comes first. */
export async function connectWorker(
  { connectionOptions }: TemporalConfig,
  logger: Logger,
  stop: AbortSignal,
): Promise<NativeConnection | undefined> {
  while (!stop.aborted) {
    try {
      return await NativeConnection.connect(connectionOptions);
    } catch (err) {
      logger.warn({ err }, 'temporal.unreachable');
      await delay(RECONNECT_DELAY_MS, undefined, { signal: stop }).catch(() => undefined);
    }
  }
  return undefined;
}
