import { join } from 'node:path';
import { Client } from 'pg';
import type { Logger } from './logger';

/** Beside `dist` and `package.json`, in the repository as in the image. */
const DIRECTORY = join(__dirname, '..', '..', 'migrations');
const TABLE = 'bulk_upload_notification_migrations';
/** Any number, as long as nobody else's advisory lock has it. */
const LOCK = 7_244_908_113;

/** Brings the database to the newest version, or one step back; two processes take turns. */
export async function migrate(
  { databaseUrl, logger }: { databaseUrl: string; logger: Logger },
  direction: 'up' | 'down' = 'up',
): Promise<string[]> {
  const client = new Client({ connectionString: databaseUrl, application_name: 'bulk-notify' });
  await client.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [LOCK]);
    const { runner } = await import('node-pg-migrate');
    const log = (message: string) => logger.debug({ message }, 'setup.migration');
    const run = await runner({
      dbClient: client,
      dir: DIRECTORY,
      direction,
      migrationsTable: TABLE,
      noLock: true,
      logger: { debug: log, info: log, warn: log, error: log },
      ...(direction === 'down' ? { count: 1 } : {}),
    });
    return run.map(({ name }) => name);
  } finally {
    await client.end();
  }
}
