import { Connection, defaultGrpcRetryOptions } from '@temporalio/client';
import { retryUntilClosed } from '../../../src/temporal/retry-until-closed';

/** A connection that may be closed while calls are under way: they end with it. */
export function openConnection(address: string): Promise<Connection> {
  const interceptors = [retryUntilClosed(defaultGrpcRetryOptions())];
  return Connection.connect({ address, interceptors });
}
