import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ClientBase } from 'pg';

/** One `create or replace function` a file; the build copies them beside the compiled code. */
const DIRECTORY = join(__dirname, 'functions');

/** The roles that may claim a mail, but for the owner: those of workers. */
const WORKER_ROLES = `
  select distinct a.grantee::regrole::text as role
    from pg_proc p, aclexplode(p.proacl) a
    where p.pronamespace = 'bulk_notify'::regnamespace and p.proname = 'claim'
      and a.grantee not in (0, p.proowner)`;

/** Those that this transaction has not written: earlier releases left them. Triggers keep theirs. */
const DROP_OTHERS = `
  do $$
  declare
    other regprocedure;
  begin
    for other in
      select oid from pg_proc
        where pronamespace = 'bulk_notify'::regnamespace and prorettype <> 'trigger'::regtype
          and xmin <> pg_current_xact_id()::xid
    loop
      execute 'drop function ' || other;
    end loop;
  end;
  $$`;

/** Postgres lets everyone execute a new function. */
const CLOSE = `
  revoke all on schema bulk_notify from public;
  revoke all on all tables in schema bulk_notify from public;
  revoke all on all sequences in schema bulk_notify from public;
  revoke all on all functions in schema bulk_notify from public`;

/**
 * Replaces the functions of the schema by those of this release, within the caller's transaction.
 * `create or replace` keeps their grants; a role that could claim may also call what is new.
 */
export async function installFunctions(client: ClientBase): Promise<void> {
  const { rows: workers } = await client.query<{ role: string }>(WORKER_ROLES);
  // A function may call one that is created after it.
  await client.query('set local check_function_bodies = off');
  for (const name of readdirSync(DIRECTORY).sort()) {
    await client.query(readFileSync(join(DIRECTORY, name), 'utf8'));
  }
  await client.query(DROP_OTHERS);
  await client.query(CLOSE);
  for (const { role } of workers) {
    await client.query(`grant execute on all functions in schema bulk_notify to ${role}`);
  }
}
