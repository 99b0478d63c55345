import type { Connection } from '@temporalio/client';

const withinMs = 2_000;

/** One try at a server that may not be there: nothing is repeated, nothing waits long. */
export async function askTemporal(
  address: string,
  ask: (connection: Connection) => Promise<unknown>,
): Promise<void> {
  // Loaded only now: the server starts meanwhile.
  const { Connection } = await import('@temporalio/client');
  const connection = Connection.lazy({ address, interceptors: [] });
  try {
    await connection.withDeadline(Date.now() + withinMs, () => ask(connection));
  } finally {
    await connection.close();
  }
}
