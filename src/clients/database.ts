import { Pool, type QueryResultRow } from 'pg';
import { transient } from '../../activities/failures';
import { remedyFor } from '../../activities/remedies';
import type { Logger } from '../logger';

export type Database = ReturnType<typeof createDatabase>;

/**
 * A pool that outlives the database's outages. Whatever the database does is a transient failure:
 * its message names the code alone, since the database's own words may quote a row.
 */
export function createDatabase({ url, logger }: { url: string; logger: Logger }) {
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

  async function query<Row extends QueryResultRow>(
    text: string,
    values: unknown[],
  ): Promise<Row[]> {
    try {
      return (await pool.query<Row>(text, values)).rows;
    } catch (err) {
      const { name, code = name } = err as { code?: string; name: string };
      logger.warn({ code, remedy: remedyFor('database', code) }, 'database.failed');
      const message = `the database did not answer (${code})`;
      throw transient('DatabaseUnavailable', message, { part: 'database', code });
    }
  }

  return { query, close: () => pool.end() };
}
