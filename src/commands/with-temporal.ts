import type { OperatorConfig } from '../config/config';
import { createTemporalClient } from '../temporal/client';

/** Connects to Temporal for the requests of one command. */
export async function withTemporal<T>(
  temporal: OperatorConfig['temporal'],
  use: (client: ReturnType<typeof createTemporalClient>) => Promise<T>,
): Promise<T> {
  const client = createTemporalClient(temporal);
  try {
    return await use(client);
  } finally {
    await client.connection.close();
  }
}
