import { Client, Connection } from '@temporalio/client';
import { suite } from './suite';

/** A client of the suite's Temporal; close its connection. */
export async function connectClient(temporal = suite().temporal): Promise<Client> {
  const { address, namespace } = temporal;
  return new Client({ connection: await Connection.connect({ address }), namespace });
}
