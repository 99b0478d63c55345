import { suite } from '../../support/suite';
import { query } from '../../support/read-ledger';

/** One text a kind of object, as the catalog has it: what a review of the schema reads. */
const TABLES = `
  select c.relname || e'\\n' || string_agg(
      format('  %s %s%s%s', a.attname, format_type(a.atttypid, a.atttypmod),
        case when a.attnotnull then ' not null' else '' end,
        case
          when a.attidentity <> '' then ' generated always as identity'
          when a.attgenerated <> '' then
            format(' generated always as (%s) stored', pg_get_expr(d.adbin, d.adrelid))
          when d.oid is not null then ' default ' || pg_get_expr(d.adbin, d.adrelid)
          else ''
        end), e'\\n' order by a.attnum) as text
    from pg_class c
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
    where c.relnamespace = 'bulk_notify'::regnamespace and c.relkind = 'r'
    group by c.relname
    order by c.relname`;

const CONSTRAINTS = `
  select format('%s: %s: %s', c.relname, k.conname, pg_get_constraintdef(k.oid)) as text
    from pg_constraint k join pg_class c on c.oid = k.conrelid
    where k.connamespace = 'bulk_notify'::regnamespace and k.contype <> 'n'
    order by c.relname, k.conname`;

const INDEXES = `
  select pg_get_indexdef(c.oid) as text
    from pg_class c
    where c.relnamespace = 'bulk_notify'::regnamespace and c.relkind = 'i'
    order by c.relname`;

const TRIGGERS = `
  select pg_get_triggerdef(t.oid) as text
    from pg_trigger t join pg_class c on c.oid = t.tgrelid
    where c.relnamespace = 'bulk_notify'::regnamespace and not t.tgisinternal
    order by c.relname, t.tgname`;

/** With its rights: only the owner's, before a worker's role is granted them. */
const FUNCTIONS = `
  select concat_ws(e'\\n  ',
      format('%s(%s)', p.proname, pg_get_function_arguments(p.oid)),
      'returns ' || pg_get_function_result(p.oid),
      concat_ws(' ', l.lanname,
        case p.provolatile when 'i' then 'immutable' when 's' then 'stable' else 'volatile' end,
        case when p.prosecdef then 'security definer' end),
      nullif('set ' || array_to_string(p.proconfig, ', '), 'set '),
      case when has_function_privilege('public', p.oid, 'execute') then 'FOR EVERYONE' end) as text
    from pg_proc p join pg_language l on l.oid = p.prolang
    where p.pronamespace = 'bulk_notify'::regnamespace
    order by p.proname`;

/** After a change that is meant: `npx jest test/clients/postgres/schema.test.ts --updateSnapshot`. */
it.each([
  ['tables', TABLES],
  ['constraints', CONSTRAINTS],
  ['indexes', INDEXES],
  ['triggers', TRIGGERS],
  ['functions', FUNCTIONS],
])('the %s that setup creates are those of the snapshot', async (_kind, sql) => {
  const rows = await query<{ text: string }>(suite().postgres.url, sql);

  expect(`\n${rows.map(({ text }) => text).join('\n')}\n`).toMatchSnapshot();
});
