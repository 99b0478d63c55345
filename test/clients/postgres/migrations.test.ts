import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { claimOf, ledgerOnPostgres } from '../../support/ledger-on-postgres';
import { scratchDatabase } from '../../support/scratch-database';
import { suite } from '../../support/suite';

type Scratch = Awaited<ReturnType<typeof scratchDatabase>>;

const run = promisify(execFile);
const DIST = join(__dirname, '../../../dist/src');
const MIGRATIONS = readdirSync(join(__dirname, '../../../migrations'))
  .map((file) => file.replace('.sql', ''))
  .sort();

/** Runs `bulk-notify setup`, which must exit with 0, and returns the migrations that it ran. */
async function setup({ url }: Scratch): Promise<string[]> {
  const { stdout } = await run(process.execPath, [join(DIST, 'cli.js'), 'setup'], {
    env: { DATABASE_URL: url, TEMPORAL_ADDRESS: suite().temporal.address },
    timeout: 60_000,
  });
  const lines = stdout.trim().split('\n');
  return lines.map((line) => JSON.parse(line)).find((line) => line.migrations).migrations;
}

/** Everything in the schema. */
async function objectsOf({ execute }: Scratch): Promise<string[]> {
  const rows = await execute<{ name: string }>(
    `select relname as name from pg_class where relnamespace = 'bulk_notify'::regnamespace
     union all select oid::regprocedure::text from pg_proc
       where pronamespace = 'bulk_notify'::regnamespace
     union all select tgname || ' on ' || tgrelid::regclass from pg_trigger where not tgisinternal
     order by name`,
  );
  return rows.map(({ name }) => name);
}

const COUNT_MIGRATIONS = 'select count(*)::int from bulk_notify.migrations';

describe('setup', () => {
  let scratch: Scratch;
  beforeEach(async () => {
    scratch = await scratchDatabase();
  });
  afterEach(() => scratch.drop());

  it('runs each migration once, however often it is repeated', async () => {
    expect(await setup(scratch)).toEqual(MIGRATIONS);
    const objects = await objectsOf(scratch);
    expect(objects).toContain('bulk_upload_notification_events');

    expect(await setup(scratch)).toEqual([]);

    expect(await objectsOf(scratch)).toEqual(objects);
    expect(await scratch.execute(COUNT_MIGRATIONS)).toEqual([{ count: MIGRATIONS.length }]);
  });

  it('runs each migration once in two concurrent processes', async () => {
    const migrations = await Promise.all([setup(scratch), setup(scratch)]);

    expect(migrations.flat()).toEqual(MIGRATIONS);
    expect(await scratch.execute(COUNT_MIGRATIONS)).toEqual([{ count: MIGRATIONS.length }]);
    const postgres = ledgerOnPostgres(scratch.url);
    expect(await postgres.ledger.claim(claimOf())).toMatchObject({ status: 'claimed' });
    await postgres.close();
  });
});

describe('setup, when it is repeated', () => {
  let scratch: Scratch;
  let worker: string;
  beforeEach(async () => {
    scratch = await scratchDatabase();
    worker = `worker_${randomUUID().replaceAll('-', '')}`;
    await setup(scratch);
    await scratch.execute(`create role ${worker};
      grant usage on schema bulk_notify to ${worker};
      grant execute on all functions in schema bulk_notify to ${worker}`);
  });
  afterEach(() => scratch.drop([worker]));

  const callableBy = (role: string) =>
    scratch.execute<{ name: string }>(
      `select oid::regprocedure::text as name from pg_proc
         where pronamespace = 'bulk_notify'::regnamespace
           and has_function_privilege('${role}', oid, 'execute') order by name`,
    );

  it('keeps the grants of the role of a worker', async () => {
    const before = await callableBy(worker);

    await setup(scratch);

    expect(before.length).toBeGreaterThan(10);
    expect(await callableBy(worker)).toEqual(before);
  });

  it('lets the role of a worker call a new function', async () => {
    await scratch.execute('drop function bulk_notify.submit');

    await setup(scratch);

    expect(await callableBy(worker)).toContainEqual({ name: 'bulk_notify.submit(bigint)' });
  });

  it('grants nothing to a role that only uses the schema', async () => {
    const reader = `reader_${randomUUID().replaceAll('-', '')}`;
    await scratch.execute(`create role ${reader}; grant usage on schema bulk_notify to ${reader}`);

    await setup(scratch);
    const callable = await callableBy(reader);
    await scratch.execute(`drop owned by ${reader}; drop role ${reader}`);

    expect(callable).toEqual([]);
  });

  it('leaves public no function', async () => {
    expect(await callableBy('public')).toEqual([]);
  });

  it('drops a function that is not of this release', async () => {
    const objects = await objectsOf(scratch);
    await scratch.execute(`
      create function bulk_notify.claim(p_id text) returns text language sql as 'select p_id';
      create function bulk_notify.left_over() returns integer language sql as 'select 1'`);

    await setup(scratch);

    expect(await objectsOf(scratch)).toEqual(objects);
  });

  it.each([
    ['OUT parameters', 'claim', ', out run integer, out extra text', ''],
    ['columns', 'find_addresses', '', 'returns table (address text)'],
    ['type', 'submit', '', 'returns text'],
  ])('replaces a function that returned other %s', async (_what, name, outputs, returns) => {
    const before = await callableBy(worker);
    const [ours] = await scratch.execute<{ definition: string; arguments: string }>(
      `select pg_get_functiondef(oid) as definition,
           pg_get_function_identity_arguments(oid) as arguments
         from pg_proc where oid = 'bulk_notify.${name}'::regproc`,
    );
    const inputs = ours?.arguments.replace(/, OUT.*$/, '');
    await scratch.execute(`drop function bulk_notify.${name};
      create function bulk_notify.${name}(${inputs}${outputs}) ${returns}
        language plpgsql as 'begin end';
      grant execute on function bulk_notify.${name} to ${worker}`);

    await setup(scratch);

    const definition = `select pg_get_functiondef('bulk_notify.${name}'::regproc) as definition`;
    expect(await scratch.execute(definition)).toEqual([{ definition: ours?.definition }]);
    expect(await callableBy(worker)).toEqual(before);
  });

  it('replaces a function whose text has changed', async () => {
    const source = `select prosrc from pg_proc where oid = 'bulk_notify.submit'::regproc`;
    const before = await scratch.execute(source);
    await scratch.execute(`create or replace function bulk_notify.submit(p_attempt_id bigint)
      returns boolean language sql as 'select true'`);

    await setup(scratch);

    expect(await scratch.execute(source)).toEqual(before);
  });
});
