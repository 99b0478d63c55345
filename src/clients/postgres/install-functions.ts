import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { ClientBase } from 'pg';
import { READING_FUNCTIONS } from './reader-rights';

/** One `create or replace function` a file of its name; the build copies them beside the code. */
const DIRECTORY = join(__dirname, 'functions');

/** The roles that may claim a mail, but for the owner: those of workers. */
const WORKER_ROLES = `
  select distinct a.grantee::regrole::text as role
    from pg_proc p, aclexplode(p.proacl) a
    where p.pronamespace = 'bulk_notify'::regnamespace and p.proname = 'claim'
      and a.grantee not in (0, p.proowner)`;

/** A function cannot be replaced by one that has other results, or other names of parameters. */
const INVALID_FUNCTION_DEFINITION = '42P13';

/**
 * Those that this transaction has not written: earlier releases left them. A savepoint gives its rows a
 * later ID than the transaction's. Triggers keep their functions.
 */
const OTHERS = `prorettype <> 'trigger'::regtype and age(xmin) > 0`;

/** The roles that may read notifications, but for the owner: those of operators. */
const READER_ROLES = `
  select distinct a.grantee::regrole::text as role
    from pg_class c, aclexplode(c.relacl) a
    where c.oid = 'bulk_notify.bulk_upload_notification_events'::regclass
      and a.privilege_type = 'SELECT' and a.grantee not in (0, c.relowner)`;

/** Postgres lets everyone execute a new function. */
const CLOSE = `
  revoke all on schema bulk_notify from public;
  revoke all on all tables in schema bulk_notify from public;
  revoke all on all sequences in schema bulk_notify from public;
  revoke all on all functions in schema bulk_notify from public`;

/** The text of each function of this release, as Postgres keeps it, by its name. */
export function releasedFunctions(): Map<string, string> {
  return new Map(
    readdirSync(DIRECTORY).map((file) => {
      const [, ...body] = readFileSync(join(DIRECTORY, file), 'utf8').split('$$');
      return [file.replace(/\.sql$/, ''), body.slice(0, -1).join('$$')];
    }),
  );
}

/**
 * Replaces the functions of the schema by those of this release, within the caller's transaction.
 * `create or replace` keeps their grants; a role that could claim may call every function again, and
 * one that could read notifications may read everything.
 */
export async function installFunctions(client: ClientBase): Promise<void> {
  const { rows: workers } = await client.query<{ role: string }>(WORKER_ROLES);
  // A function may call one that is created after it.
  await client.query('set local check_function_bodies = off');
  for (const name of readdirSync(DIRECTORY).sort()) {
    await replaceFunction(client, basename(name, '.sql'));
  }
  await dropFunctions(client, OTHERS);
  await client.query(CLOSE);
  for (const { role } of workers) {
    await client.query(`grant execute on all functions in schema bulk_notify to ${role}`);
  }
  const { rows: readers } = await client.query<{ role: string }>(READER_ROLES);
  for (const { role } of readers) await client.query(grantReading(role));
}

function grantReading(role: string): string {
  const functions = READING_FUNCTIONS.map((name) => `bulk_notify.${name}`).join(', ');
  return `
    grant usage on schema bulk_notify to ${role};
    grant select on all tables in schema bulk_notify to ${role};
    grant execute on function ${functions} to ${role}`;
}

async function replaceFunction(client: ClientBase, name: string): Promise<void> {
  const sql = readFileSync(join(DIRECTORY, `${name}.sql`), 'utf8');
  await client.query('savepoint replace_function');
  try {
    await client.query(sql);
  } catch (err) {
    if ((err as { code?: string }).code !== INVALID_FUNCTION_DEFINITION) throw err;
    await client.query('rollback to savepoint replace_function');
    await dropFunctions(client, 'proname = $1', [name]);
    await client.query(sql);
  }
}

async function dropFunctions(client: ClientBase, which: string, values: string[] = []) {
  const { rows } = await client.query<{ signature: string }>(
    `select oid::regprocedure::text as signature from pg_proc
       where pronamespace = 'bulk_notify'::regnamespace and ${which}`,
    values,
  );
  for (const { signature } of rows) await client.query(`drop function ${signature}`);
}
