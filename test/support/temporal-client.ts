import { Client, type Connection } from '@temporalio/client';
import { openConnection } from '../../tools/sandbox/temporal/open-connection';
import { suite } from './suite';

const ANSWER_TIMEOUT_MS = 20_000;

/** The product's deadlines are short, because people wait: a test waits for a busy machine. */
class PatientClient extends Client {
  override withDeadline<R>(deadline: number | Date, request: () => Promise<R>): Promise<R> {
    return super.withDeadline(Math.max(Number(deadline), Date.now() + ANSWER_TIMEOUT_MS), request);
  }
}

/** A client of the suite's Temporal; close its connection. */
export async function connectClient(temporal = suite().temporal): Promise<Client> {
  const { address, namespace } = temporal;
  return clientOver(await openConnection(address), namespace);
}

export function clientOver(connection: Connection, namespace: string): Client {
  return new PatientClient({ connection, namespace });
}
