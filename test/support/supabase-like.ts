import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startPostgres } from '../../tools/sandbox/postgres/postgres';
import { query } from './read-ledger';

/** The default grants for new objects in `public`: Supabase's projects of before 2026 are open. */
export type ApiDefaults = 'open' | 'closed';

export type SupabaseLike = Awaited<ReturnType<typeof startSupabaseLike>>;

/** A Postgres with the roles and grants of a Supabase project, whose `postgres` is no superuser. */
export async function startSupabaseLike(defaults: ApiDefaults) {
  const like = readFileSync(join(__dirname, 'supabase-like.sql'), 'utf8');
  const password = randomBytes(12).toString('hex');
  const postgres = await startPostgres({
    superuser: 'supabase_admin',
    shape: `set supabase_like.data_api_defaults = '${defaults}'; ${like}
      alter role postgres password '${password}'`,
  });
  const urlAs = (user: string, secret: string) => {
    const url = new URL(postgres.url);
    [url.username, url.password] = [user, secret];
    return url.href;
  };
  const ownerUrl = urlAs('postgres', password);
  return {
    ownerUrl,
    urlAs,
    /** As `postgres`, as an operator of the project would. */
    asOwner: (sql: string) => query(ownerUrl, sql),
    /** As Supabase itself. */
    asPlatform: (sql: string) => query(postgres.url, sql),
    close: () => postgres.close(),
  };
}
