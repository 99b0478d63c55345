import { createDatabase } from '../clients/postgres/database';
import { faultOf } from '../clients/postgres/database-fault';
import { isSameAddress } from '../clients/postgres/database-tls';
import { checkReaderRights } from '../clients/postgres/reader-rights';
import { createRecipientDirectory } from '../clients/postgres/recipients';
import { remedyFor } from '../../activities/failures/remedies';
import type { SetupConfig } from '../config/config';
import type { Logger } from '../telemetry/logger';
import { migrate } from '../clients/postgres/migrations';
import { createTemporalClient } from '../temporal/client';
import { prepareNamespace } from '../temporal/namespace';
import { reportExposure } from './report-exposure';

/** Prepares the database and the namespace; safe to repeat. */
export async function runSetup(config: SetupConfig, logger: Logger): Promise<void> {
  reportExposures(config, logger);
  await prepareDatabase(config, logger);
  await prepareTemporal(config, logger);
  await checkReader(config, logger);
  await checkRecipients(config, logger);
}

function reportExposures({ database, readerDatabase }: SetupConfig, logger: Logger): void {
  reportExposure(database, logger);
  if (!readerDatabase || isSameAddress(readerDatabase, database)) return;
  reportExposure(readerDatabase, logger);
}

async function prepareDatabase({ database }: SetupConfig, logger: Logger): Promise<void> {
  try {
    const migrations = await migrate({ database, logger });
    logger.info({ migrations }, 'setup.database_ready');
  } catch (err) {
    const { code } = faultOf(err);
    const remedy = remedyFor('database', code, database.variable);
    logger.error({ code, remedy }, 'setup.database_failed');
    throw err;
  }
}

async function prepareTemporal(
  { temporal, retentionMs }: SetupConfig,
  logger: Logger,
): Promise<void> {
  const client = createTemporalClient(temporal);
  try {
    await prepareNamespace({ client, retentionMs, logger });
    logger.info({ namespace: temporal.namespace }, 'setup.namespace_ready');
  } finally {
    await client.connection.close();
  }
}

/** Says what is wrong with the role of operators; the service itself does without it. */
async function checkReader({ readerDatabase }: SetupConfig, logger: Logger): Promise<void> {
  if (!readerDatabase) return;
  const database = createDatabase({ ...readerDatabase, logger });
  try {
    const { lacking, excessive } = await checkReaderRights(database);
    if (lacking.length > 0) logger.error({ lacking }, 'setup.reader_lacks_rights');
    if (excessive.length > 0) logger.warn({ excessive }, 'setup.reader_can_write');
    if (lacking.length + excessive.length === 0) logger.info('setup.reader_ready');
  } catch (err) {
    logger.error({ err }, 'setup.reader_refused');
  } finally {
    await database.close();
  }
}

/** Runs last, so that a missing table prevents nothing else. */
async function checkRecipients(
  { database: address, recipientSource: source }: SetupConfig,
  logger: Logger,
): Promise<void> {
  const database = createDatabase({ ...address, logger });
  try {
    const { faults, usable } = await createRecipientDirectory({ database, source, logger }).check();
    if (!usable) throw new Error(`No address can be looked up: ${faults.join('; ')}`);
    if (faults.length > 0) logger.error({ faults }, 'setup.recipients_unreadable');
    else logger.info('setup.recipients_readable');
  } finally {
    await database.close();
  }
}
