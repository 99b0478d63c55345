import { randomBytes } from 'node:crypto';
import { withClient } from '../../tools/sandbox/postgres/with-client';
import { supabaseShape } from '../../tools/sandbox/postgres/supabase-shape';
import { suite } from './suite';

/** A database of its own in the suite's Postgres, in Supabase's shape and without the ledger. */
export async function scratchDatabase() {
  const owner = suite().postgres.url;
  const name = `scratch_${randomBytes(6).toString('hex')}`;
  const url = urlOf(owner, { name });
  await execute(owner, `create database ${name}`);
  await execute(url, supabaseShape);
  return {
    url,
    urlAs: (user: string, password: string) => urlOf(url, { user, password }),
    execute: <Row>(sql: string) => execute<Row>(url, sql),
    /** Roles belong to all databases; they can be dropped once they have no grants. */
    async drop(roles: string[] = []): Promise<void> {
      await execute(owner, `drop database ${name} with (force)`);
      for (const role of roles) await execute(owner, `drop role if exists ${role}`);
    },
  };
}

async function execute<Row>(url: string, sql: string): Promise<Row[]> {
  const { rows } = await withClient(url, (client) => client.query(sql));
  return rows as Row[];
}

function urlOf(base: string, change: { name?: string; user?: string; password?: string }): string {
  const url = new URL(base);
  const { name, user, password } = change;
  if (name) url.pathname = `/${name}`;
  if (user) url.username = user;
  if (password) url.password = password;
  return url.href;
}
