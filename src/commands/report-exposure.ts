import { type DatabaseAddress, exposureOf } from '../clients/postgres/database-tls';
import type { Logger } from '../telemetry/logger';

/** Warns of a connection that others could read or change. */
export function reportExposure(address: DatabaseAddress, logger: Logger): void {
  const exposure = exposureOf(address);
  if (exposure) logger.warn({ exposure }, 'database.exposed');
}
