import { Client } from 'pg';
import { until } from '../../tools/sandbox/until';

export interface RowLock {
  /** Resolves when a query waits for the rows. */
  waitedFor(): Promise<void>;
  /**
   * Rolls back. `cut` first ends the waiting queries, as if they had never arrived; with `goes on` the
   * database executes them now, even if their client is dead.
   */
  release(waiting: 'cut' | 'goes on'): Promise<void>;
}

/** A transaction of the test's own, in which one statement has locked the rows that it touches. */
export async function lockRows(
  url: string,
  statement: string,
  values: unknown[],
): Promise<RowLock> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query('begin');
  await client.query(statement, values);

  async function waiting(): Promise<number[]> {
    const { rows } = await client.query<{ pid: number }>(
      `select distinct pid from pg_locks
         where not granted and pg_backend_pid() = any(pg_blocking_pids(pid))`,
    );
    return rows.map(({ pid }) => pid);
  }

  return {
    waitedFor: () => until('a query waits', async () => (await waiting()).length > 0),
    async release(mode) {
      if (mode === 'cut') {
        for (const pid of await waiting()) {
          await client.query('select pg_terminate_backend($1, 5000)', [pid]);
        }
      }
      await client.query('rollback');
      await client.end();
    },
  };
}
