import { Client, Connection, defaultGrpcRetryOptions } from '@temporalio/client';
import type { TemporalConfig } from '../config/read-temporal';
import { retryUntilClosed } from './retry-until-closed';

/** Three attempts take half a second: the sender of a webhook is to hear within two. */
const RETRY = retryUntilClosed(
  defaultGrpcRetryOptions({ maxAttempts: 3, initialIntervalMs: () => 100 }),
);
/** gRPC waits up to two minutes by default, which would outlast a short outage by far. */
const RECONNECT = {
  'grpc.initial_reconnect_backoff_ms': 250,
  'grpc.max_reconnect_backoff_ms': 1_000,
};

/** Touches the network with its first call only, and connects again by itself after an outage. */
export function createTemporalClient({ connectionOptions, namespace }: TemporalConfig): Client {
  const connection = Connection.lazy({
    ...connectionOptions,
    channelArgs: RECONNECT,
    interceptors: [RETRY],
  });
  return new Client({ connection, namespace });
}
