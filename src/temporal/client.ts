import {
  Client,
  Connection,
  defaultGrpcRetryOptions,
  makeGrpcRetryInterceptor,
} from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import { setTimeout as delay } from 'node:timers/promises';
import type { TemporalConfig } from '../config/read-temporal';
import type { Logger } from '../telemetry/logger';

/** Three attempts take half a second: the sender of a webhook is to hear within two. */
const RETRY = makeGrpcRetryInterceptor(
  defaultGrpcRetryOptions({ maxAttempts: 3, initialIntervalMs: () => 100 }),
);
/** gRPC waits up to two minutes by default, which would outlast a short outage by far. */
const RECONNECT = {
  'grpc.initial_reconnect_backoff_ms': 250,
  'grpc.max_reconnect_backoff_ms': 1_000,
};
const WORKER_RECONNECT_DELAY = 1_000;

/** Touches the network with its first call only, and connects again by itself after an outage. */
export function createTemporalClient({ connectionOptions, namespace }: TemporalConfig): Client {
  const connection = Connection.lazy({
    ...connectionOptions,
    channelArgs: RECONNECT,
    interceptors: [RETRY],
  });
  return new Client({ connection, namespace });
}

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
      await delay(WORKER_RECONNECT_DELAY, undefined, { signal: stop }).catch(() => undefined);
    }
  }
  return undefined;
}
