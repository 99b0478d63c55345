import type { SetupConfig } from '../config';
import type { Logger } from '../logger';
import { migrate } from '../migrations';
import { createTemporalClient } from '../temporal';
import { prepareNamespace } from '../temporal-namespace';
import { scheduleSweep, SWEEP_SCHEDULE } from '../temporal-schedule';

/** Prepares the database, the namespace and the schedule of the sweep; safe to repeat. */
export async function runSetup(config: SetupConfig, logger: Logger): Promise<void> {
  const { databaseUrl, temporal, retentionMs, sweep } = config;
  const migrations = await migrate({ databaseUrl, logger });
  logger.info({ migrations }, 'setup.database_ready');
  const client = createTemporalClient(temporal);
  try {
    await prepareNamespace({ client, retentionMs, logger });
    logger.info({ namespace: temporal.namespace }, 'setup.namespace_ready');
    await scheduleSweep({ client, taskQueue: temporal.taskQueue, ...sweep });
    logger.info({ schedule: SWEEP_SCHEDULE }, 'setup.sweep_scheduled');
  } finally {
    await client.connection.close();
  }
}
