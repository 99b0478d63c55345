import { Client, type QueryResultRow } from 'pg';
import type { DatabaseAddress } from './database-tls';
import { releasedFunctions } from './install-functions';
import { checkReaderRights } from './reader-rights';

const CONNECT_TIMEOUT_MS = 5_000;
const QUERY_TIMEOUT_MS = 5_000;

const SERVER = `
  select current_user as role, current_setting('server_version') as version,
    pg_is_in_recovery() as replica, extract(epoch from clock_timestamp()) * 1000 as now,
    (select rolsuper from pg_roles where rolname = current_user) as superuser,
    coalesce(has_schema_privilege(to_regnamespace('bulk_notify'), 'usage'), false) as usage,
    to_regnamespace('bulk_notify') is not null as prepared`;

const FUNCTIONS = `
  select proname as name, prosrc as body, has_function_privilege(oid, 'execute') as executable
    from pg_proc where pronamespace = to_regnamespace('bulk_notify')`;

export interface DatabaseServer {
  role: string;
  version: string;
  /** A standby, which takes no writes. */
  replica: boolean;
  superuser: boolean;
  /** Milliseconds that the server's clock is ahead of ours. */
  ahead: number;
  /** Whether the role may use the schema of the ledger, and whether it is there. */
  usage: boolean;
  prepared: boolean;
}

export interface LedgerFunctions {
  /** Names of this release's functions that the database lacks, or has in another version. */
  missing: string[];
  outdated: string[];
  /** Those that the role may not call. */
  refused: string[];
}

export type DatabaseDiagnosis = Awaited<ReturnType<typeof connectDiagnosis>>;

/** A connection of its own that reads catalogs. Rejects with what `faultOf` understands. */
export async function connectDiagnosis({ url: connectionString, ssl }: DatabaseAddress) {
  const client = new Client({
    ...{ connectionString, ssl, application_name: 'bulk-notify doctor' },
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: QUERY_TIMEOUT_MS,
  });
  client.on('error', () => {});
  await client.connect();

  return {
    async fetchServer(): Promise<DatabaseServer> {
      const before = Date.now();
      const { rows } = await client.query<Omit<DatabaseServer, 'ahead'> & { now: string }>(SERVER);
      const [row] = rows;
      if (!row) throw new Error('the database returned no row');
      const { now, ...server } = row;
      const middle = (before + Date.now()) / 2;
      return { ...server, ahead: Math.round(Number(now) - middle) };
    },

    async compareFunctions(): Promise<LedgerFunctions> {
      const { rows } = await client.query<{ name: string; body: string; executable: boolean }>(
        FUNCTIONS,
      );
      const found = new Map(rows.map((row) => [row.name, row]));
      const released = [...releasedFunctions()];
      const having = (test: (name: string, body: string) => boolean) =>
        released.filter(([name, body]) => test(name, body)).map(([name]) => name);
      return {
        missing: having((name) => !found.has(name)),
        outdated: having((name, body) => found.has(name) && found.get(name)?.body !== body),
        refused: having((name) => found.get(name)?.executable === false),
      };
    },

    /** Whether the role reads the ledger and nothing else. */
    checkReaderRights: () =>
      checkReaderRights({
        query: async <Row extends QueryResultRow>(text: string, values: unknown[]) =>
          (await client.query<Row>(text, values)).rows,
      }),

    close: () => client.end(),
  };
}
