import { type Controls, startChild } from '../process/child';
import type { PostgresOptions, PostgresRunning } from './postgres-guardian';

export interface SandboxPostgres extends Controls {
  /** With the password, so it is not for logs. */
  url: string;
  readonly pid: number;
}

/** A real Postgres 18 with Supabase's shape, on 127.0.0.1 and in a directory of its own. */
export async function startPostgres(options: PostgresOptions = {}): Promise<SandboxPostgres> {
  const { running, controls } = await startChild<PostgresRunning>(
    'postgres/postgres-guardian',
    options,
  );
  return {
    ...controls,
    url: running().url,
    get pid() {
      return running().pid;
    },
  };
}
