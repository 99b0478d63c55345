import type { SendMetrics } from '../../activities/metrics';
import { createDatabase, type Database } from '../clients/postgres/database';
import type { DatabaseAddress } from '../clients/postgres/database-tls';
import type { createExpiryMetrics } from '../telemetry/expiry-metrics';
import type { Logger } from '../telemetry/logger';
import { reportExposure } from './report-exposure';

interface DatabaseParts {
  logger: Logger;
  metrics: Pick<SendMetrics, 'countConfigurationError'>;
  expiry: ReturnType<typeof createExpiryMetrics>;
}

/**
 * The one pool of the API or a worker, so that a refusal holds for the whole process, and is logged and
 * counted once.
 */
export function openDatabase(
  address: DatabaseAddress,
  { logger, metrics, expiry }: DatabaseParts,
): Database {
  reportExposure(address, logger);
  return createDatabase({
    ...address,
    ...{ logger, metrics },
    onCertificate: (expiresAt) => expiry.certificateExpires('database', expiresAt),
  });
}
