import { Pool } from 'pg';
import type { Logger } from '../logger';

/** A pool that outlives the database's outages: a lost connection is dropped, not thrown. */
export function createDatabase({ url, logger }: { url: string; logger: Logger }): Pool {
  const pool = new Pool({
    connectionString: url,
    max: 10,
    connectionTimeoutMillis: 5_000,
    query_timeout: 10_000,
    statement_timeout: 10_000,
    keepAlive: true,
    application_name: 'bulk-notify',
  });
  pool.on('error', (err) => logger.warn({ err }, 'database.connection_lost'));
  return pool;
}
