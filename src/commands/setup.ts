import type { SetupConfig } from '../config';
import type { Logger } from '../logger';
import { migrate } from '../migrations';
import { createTemporalClient } from '../temporal';
import { prepareNamespace } from '../temporal-namespace';

/** Prepares the database and the namespace for both processes; doing it again changes nothing. */
export async function runSetup(config: SetupConfig, logger: Logger): Promise<void> {
  const { databaseUrl, temporal, retentionMs } = config;
  const migrations = await migrate({ databaseUrl, logger });
  logger.info({ migrations }, 'setup.database_ready');
  const client = createTemporalClient(temporal);
  try {
    await prepareNamespace({ client, retentionMs, logger });
  } finally {
    await client.connection.close();
  }
  logger.info({ namespace: temporal.namespace }, 'setup.namespace_ready');
}
