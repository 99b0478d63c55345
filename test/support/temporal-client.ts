import { Client } from '@temporalio/client';
import { openConnection } from '../../tools/sandbox/temporal/open-connection';
import { suite } from './suite';

/** A client of the suite's Temporal; close its connection. */
export async function connectClient(temporal = suite().temporal): Promise<Client> {
  const { address, namespace } = temporal;
  return new Client({ connection: await openConnection(address), namespace });
}
