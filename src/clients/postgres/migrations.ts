import { join } from 'node:path';
import { Client, type ClientBase } from 'pg';
import type { DatabaseAddress } from './database-tls';
import type { Logger } from '../../telemetry/logger';
import { lockSetup } from './setup-lock';

/** Beside `dist` and `package.json`, in the repository as in the image. */
const DIRECTORY = join(__dirname, '..', '..', '..', '..', 'migrations');
const TABLE = 'bulk_upload_notification_migrations';
/** Else a server that takes a connection and says nothing would keep `setup` for ever. */
const CONNECT_TIMEOUT_MS = 30_000;

interface SetupOptions {
  database: DatabaseAddress;
  logger: Logger;
  /** How long another setup may take. */
  lockWaitMs?: number;
  connectTimeoutMs?: number;
}

/**
 * Brings the database to the newest version, or one step back, in one transaction: that is all that
 * a pooler in transaction mode keeps together, and a step that fails undoes those before it.
 */
export async function migrate(
  { database, logger, lockWaitMs, connectTimeoutMs = CONNECT_TIMEOUT_MS }: SetupOptions,
  direction: 'up' | 'down' = 'up',
): Promise<string[]> {
  const { url: connectionString, ssl } = database;
  const client = new Client({
    ...{ connectionString, ssl, application_name: 'bulk-notify setup' },
    connectionTimeoutMillis: connectTimeoutMs,
  });
  // Without a listener, a connection that breaks between two statements ends the process.
  client.on('error', (err) => logger.warn({ err }, 'setup.connection_lost'));
  await client.connect();
  try {
    await client.query('begin');
    await lockSetup(client, logger, lockWaitMs);
    const names = await run(client, logger, direction);
    await client.query('commit');
    return names;
  } finally {
    await client.end();
  }
}

async function run(client: Client, logger: Logger, direction: 'up' | 'down'): Promise<string[]> {
  const { runner } = await import('node-pg-migrate');
  const log = (message: string) => logger.debug({ message }, 'setup.migration');
  const migrations = await runner({
    dbClient: withinTransaction(client),
    dir: DIRECTORY,
    direction,
    migrationsTable: TABLE,
    noLock: true,
    singleTransaction: true,
    logger: { debug: log, info: log, warn: log, error: log },
    ...(direction === 'down' ? { count: 1 } : {}),
  });
  return migrations.map(({ name }) => name);
}

/** The library would begin and commit by itself, which would end our transaction early. */
function withinTransaction(client: Client): ClientBase {
  const query = (text: string, values?: unknown[]) =>
    /^(?:begin|commit)$/i.test(text)
      ? Promise.resolve({ rows: [] })
      : client.query(text, values as unknown[]);
  return { query } as unknown as ClientBase;
}
