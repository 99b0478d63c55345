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

/** Runs `bulk-notify setup`, which must exit with 0, and tells which migrations it has run. */
async function setup({ url }: Scratch): Promise<string[]> {
  const { stdout } = await run(process.execPath, [join(DIST, 'cli.js'), 'setup'], {
    env: { DATABASE_URL: url, TEMPORAL_ADDRESS: suite().temporal.address },
    timeout: 20_000,
  });
  const lines = stdout.trim().split('\n');
  return lines.map((line) => JSON.parse(line)).find((line) => line.migrations).migrations;
}

/** In a process of its own, since the migrations' library is an ES module, which Jest cannot load. */
async function migrate({ url }: Scratch, direction: 'up' | 'down'): Promise<string[]> {
  const program = `
    const { migrate } = require(${JSON.stringify(join(DIST, 'migrations.js'))});
    migrate({ database: { url: ${JSON.stringify(url)}, ssl: false }, logger: { debug() {} } }, '${direction}')
      .then((names) => console.log(JSON.stringify(names)));`;
  const { stdout } = await run(process.execPath, ['-e', program], { timeout: 20_000 });
  return JSON.parse(stdout);
}

/** Everything of the ledger in the database, but for the list of migrations. */
async function objectsOf({ execute }: Scratch): Promise<string[]> {
  const rows = await execute<{ name: string }>(
    `select relname as name from pg_class
       where relname like 'bulk_upload_notification%' and relname not like '%migrations%'
     union all select proname from pg_proc where proname like 'bulk_upload_notification%'
     union all select tgname || ' on ' || tgrelid::regclass from pg_trigger where not tgisinternal
     order by name`,
  );
  return rows.map(({ name }) => name);
}

const COUNT_MIGRATIONS = 'select count(*)::int from bulk_upload_notification_migrations';

describe('setup', () => {
  let scratch: Scratch;
  beforeEach(async () => {
    scratch = await scratchDatabase();
  });
  afterEach(() => scratch.drop());

  it('prepares the database once, however often it runs', async () => {
    expect(await setup(scratch)).toEqual(MIGRATIONS);
    const objects = await objectsOf(scratch);
    expect(objects).toContain('bulk_upload_notification_events');

    expect(await setup(scratch)).toEqual([]);

    expect(await objectsOf(scratch)).toEqual(objects);
    expect(await scratch.execute(COUNT_MIGRATIONS)).toEqual([{ count: MIGRATIONS.length }]);
  });

  it('prepares it once when two processes do it at once', async () => {
    const migrations = await Promise.all([setup(scratch), setup(scratch)]);

    expect(migrations.flat()).toEqual(MIGRATIONS);
    expect(await scratch.execute(COUNT_MIGRATIONS)).toEqual([{ count: MIGRATIONS.length }]);
    const postgres = ledgerOnPostgres(scratch.url);
    expect(await postgres.ledger.claim(claimOf())).toMatchObject({ claim: 'claimed' });
    await postgres.close();
  });
});

describe('migrate', () => {
  let scratch: Scratch;
  beforeEach(async () => {
    scratch = await scratchDatabase();
  });
  afterEach(() => scratch.drop());

  it('goes down step by step without a trace, and up again', async () => {
    await migrate(scratch, 'up');
    const objects = await objectsOf(scratch);

    for (const name of [...MIGRATIONS].reverse()) {
      expect(await migrate(scratch, 'down')).toEqual([name]);
    }
    expect(await objectsOf(scratch)).toEqual([]);
    expect(await migrate(scratch, 'up')).toEqual(MIGRATIONS);
    expect(await objectsOf(scratch)).toEqual(objects);
  });

  it('leaves each role the functions that it may call', async () => {
    const role = `caller_${randomUUID().replaceAll('-', '')}`;
    const callable = `select proname from pg_proc
      where proname like 'bulk_upload_notification%' and has_function_privilege('${role}', oid, 'execute')`;
    await migrate(scratch, 'up');
    await scratch.execute(`create role ${role};
      grant execute on function bulk_upload_notification_claim, bulk_upload_notification_park to ${role}`);
    const before = await scratch.execute(callable);

    await migrate(scratch, 'down');
    const down = await scratch.execute(callable);
    await migrate(scratch, 'up');
    const up = await scratch.execute(callable);
    await scratch.execute(`drop owned by ${role}; drop role ${role}`);

    expect(before).toHaveLength(2);
    expect(down).toEqual(before);
    expect(up).toEqual(before);
  });
});
