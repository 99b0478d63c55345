import type { Client } from 'pg';
import type { Logger } from '../../telemetry/logger';

/** A number that no other advisory lock of the database uses. */
export const LOCK = 7_244_908_113;
const WAIT_MS = 300_000;
const LOCK_NOT_AVAILABLE = '55P03';

/** The view shows the locks of all databases, of which each has its own setup. */
const HOLDER = `
  select l.pid, a.application_name
    from pg_locks l
    join pg_database d on d.oid = l.database and d.datname = current_database()
    left join pg_stat_activity a using (pid)
    where l.locktype = 'advisory' and l.granted and l.objsubid = 1
      and (l.classid::bigint << 32 | l.objid::bigint) = $1`;

/**
 * Makes concurrent setups take turns. The lock ends with the transaction of `client`: a pooler could
 * leave a session's lock behind. Logs which connection it waits for, and gives up after `waitMs`.
 */
export async function lockSetup(client: Client, logger: Logger, waitMs = WAIT_MS): Promise<void> {
  // The timeouts of the role and the database are meant for queries; a migration may take longer.
  await client.query(`set local statement_timeout = 0; set local lock_timeout = ${waitMs}`);
  const { rows } = await client.query<{ free: boolean }>(
    'select pg_try_advisory_xact_lock($1) as free',
    [LOCK],
  );
  if (rows[0]?.free) return;
  const holder = await findHolder(client);
  logger.warn({ ...holder, wait_ms: waitMs }, 'setup.waits_for_another_setup');
  try {
    await client.query('select pg_advisory_xact_lock($1)', [LOCK]);
  } catch (cause) {
    if ((cause as { code?: string }).code !== LOCK_NOT_AVAILABLE) throw cause;
    const connection = `the database connection with pid ${holder?.pid ?? '?'}`;
    const message = `Another setup holds the lock in ${connection}: end it, then run setup again`;
    throw new Error(message, { cause });
  }
}

async function findHolder(client: Client) {
  const { rows } = await client.query<{ pid: number; application_name: string | null }>(HOLDER, [
    LOCK,
  ]);
  return rows[0];
}
