import type { Database } from './database';

/** The functions that a reader calls; they change nothing. */
export const READING_FUNCTIONS = [
  ...['list_notifications', 'count_notifications', 'find_users'],
  ...['read_bulks', 'read_bulk_counts', 'read_bulk_items'],
];

/** A function that changes something is volatile. */
const RIGHTS = `
  with tables as (
    select 'table ' || c.relname as name, c.oid from pg_class c
      where c.relnamespace = 'bulk_notify'::regnamespace and c.relkind = 'r'
  ), functions as (
    select 'function ' || p.proname as name, p.oid, p.provolatile = 'v' as writes,
           p.proname = any ($1) as is_read
      from pg_proc p where p.pronamespace = 'bulk_notify'::regnamespace
  )
  select name, false as excessive from tables where not has_table_privilege(oid, 'select')
  union all
  select name, false from functions where is_read and not has_function_privilege(oid, 'execute')
  union all
  select 'schema bulk_notify', false where not has_schema_privilege('bulk_notify', 'usage')
  union all
  select name, true from tables
    where has_table_privilege(oid, 'insert, update, delete, truncate')
      or has_any_column_privilege(oid, 'insert, update')
  union all
  select name, true from functions where writes and has_function_privilege(oid, 'execute')
  union all
  select 'schema bulk_notify', true where has_schema_privilege('bulk_notify', 'create')
  order by 1`;

export interface ReaderRights {
  /** What the role cannot read. */
  lacking: string[];
  /** What the role could change. */
  excessive: string[];
}

/** What is wrong with the rights of a role that should read the ledger and nothing else. */
export async function checkReaderRights({ query }: Pick<Database, 'query'>): Promise<ReaderRights> {
  const rows = await query<{ name: string; excessive: boolean }>(RIGHTS, [READING_FUNCTIONS]);
  const named = (isExcessive: boolean) =>
    rows.filter(({ excessive }) => excessive === isExcessive).map(({ name }) => name);
  return { lacking: named(false), excessive: named(true) };
}
