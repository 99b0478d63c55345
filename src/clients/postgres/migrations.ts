import { join } from 'node:path';
import { Client, type ClientBase } from 'pg';
import type { DatabaseAddress } from './database-tls';
import type { Logger } from '../../telemetry/logger';
import { installFunctions } from './install-functions';
import { lockSetup } from './setup-lock';

/** Beside `dist` and `package.json`, in the repository as in the image. */
const DIRECTORY = join(__dirname, '..', '..', '..', '..', 'migrations');
/** A server may take a connection and never answer. */
const CONNECT_TIMEOUT_MS = 30_000;

interface SetupOptions {
  database: Pick<DatabaseAddress, 'url' | 'ssl'>;
  logger: Logger;
  /** How long another setup may take. */
  lockWaitMs?: number;
  connectTimeoutMs?: number;
}

/**
 * Brings the schema `bulk_notify` to this release in one transaction, which is all that a pooler in
 * transaction mode keeps together: a step that fails undoes those before it. Returns the names of the
 * migrations that were run.
 */
export async function migrate({
  database: { url: connectionString, ssl },
  logger,
  lockWaitMs,
  connectTimeoutMs = CONNECT_TIMEOUT_MS,
}: SetupOptions): Promise<string[]> {
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
    const names = await runMigrations(client, logger);
    await installFunctions(client);
    await client.query('commit');
    return names;
  } finally {
    await client.end();
  }
}

async function runMigrations(client: Client, logger: Logger): Promise<string[]> {
  const { runner } = await import('node-pg-migrate');
  const log = (message: string) => logger.debug({ message }, 'setup.migration');
  const migrations = await runner({
    dbClient: withinTransaction(client),
    dir: DIRECTORY,
    direction: 'up',
    migrationsSchema: 'bulk_notify',
    createMigrationsSchema: true,
    migrationsTable: 'migrations',
    noLock: true,
    singleTransaction: true,
    logger: { debug: log, info: log, warn: log, error: log },
  });
  return migrations.map(({ name }) => name);
}

/** The library's own `begin` and `commit` would end the transaction early. */
function withinTransaction(client: Client): ClientBase {
  const query = (text: string, values?: unknown[]) =>
    /^(?:begin|commit)$/i.test(text)
      ? Promise.resolve({ rows: [] })
      : client.query(text, values as unknown[]);
  return { query } as unknown as ClientBase;
}
