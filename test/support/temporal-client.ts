import { Client, Connection, defaultGrpcRetryOptions } from '@temporalio/client';
import { retryUntilClosed } from '../../src/temporal/retry-until-closed';
import { suite } from './suite';

/** A client of the suite's Temporal; close its connection. */
export async function connectClient(temporal = suite().temporal): Promise<Client> {
  const { address, namespace } = temporal;
  // What a failed test leaves under way ends with its connection, not in the next file's tests.
  const interceptors = [retryUntilClosed(defaultGrpcRetryOptions())];
  return new Client({ connection: await Connection.connect({ address, interceptors }), namespace });
}
