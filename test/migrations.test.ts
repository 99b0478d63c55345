import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { addUser } from '../sandbox/postgres/add-user';
import { createRecipientDirectory } from '../src/clients/recipients';
import { createUploads } from '../src/clients/uploads';
import {
  claimOf,
  type LedgerOnPostgres,
  ledgerOnPostgres,
  newEventId,
} from './support/ledger-on-postgres';
import { scratchDatabase } from './support/scratch-database';
import { suite } from './support/suite';

type Scratch = Awaited<ReturnType<typeof scratchDatabase>>;

const run = promisify(execFile);
const DIST = join(__dirname, '../dist/src');
const MIGRATIONS = readdirSync(join(__dirname, '../migrations'))
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
    migrate({ databaseUrl: ${JSON.stringify(url)}, logger: { debug() {} } }, '${direction}')
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

describe('docs/ledger.md', () => {
  const doc = readFileSync(join(__dirname, '../docs/ledger.md'), 'utf8');
  const blocksUnder = (heading: string) => {
    const section = doc.split(/^## /m).find((text) => text.startsWith(heading)) ?? '';
    const blocks = section.matchAll(/^(.+):\n\n```sql\n((?:[^`\n].*\n|\n)*)```$/gm);
    return [...blocks].map(([, title = '', sql = '']): [string, string] => [title, sql]);
  };
  const password = randomUUID();

  let scratch: Scratch;
  let worker: LedgerOnPostgres;
  beforeAll(async () => {
    scratch = await scratchDatabase();
    await scratch.execute(`
      create role anon;
      create role authenticated;
      alter default privileges in schema public
        grant all on tables to anon, authenticated;
      alter default privileges in schema public
        grant all on functions to anon, authenticated;
      alter table auth.users add encrypted_password text default 'hash';
      alter table auth.users enable row level security;
      alter table public.profiles add phone text;
      alter table public.profiles enable row level security;`);
    await migrate(scratch, 'up');
    const [[, role] = ['', '']] = blocksUnder("The worker's role");
    await scratch.execute(role);
    await scratch.execute(`alter role bulk_notify password '${password}'`);
    worker = ledgerOnPostgres(scratch.urlAs('bulk_notify', password));
  });
  afterAll(async () => {
    await worker.close();
    await scratch.drop(['bulk_notify', 'anon', 'authenticated']);
  });

  it('gives the worker what it needs', async () => {
    // given
    const { ledger, database } = worker;
    const userId = randomUUID();
    await addUser(scratch.url, { userId, profileEmail: 'p@a.example', authEmail: 'u@a.example' });
    const claim = claimOf({ userId });

    // when
    const addresses = await createRecipientDirectory({ database }).findAddresses(userId);
    const claimed = await ledger.claim(claim);
    const { attemptId } = claimed as { attemptId: string };
    await ledger.submit(attemptId);
    await ledger.settle({ attemptId, attempt: 'accepted', reply: '250 ok', state: 'sent' });
    const again = await ledger.claim(claim);
    const copy = await ledger.recordResend(claim.eventId, { requestId: 'r1' }, 'run-1');
    const parked = newEventId();
    await ledger.park(parked, 'recipient_missing', { runId: 'run-1' });
    const taskId = randomUUID();
    const uploads = createUploads({ database });
    await uploads.record({ taskId, ownCallback: true });
    const due = await uploads.findDue({ olderThanMs: 0, most: 1 });
    await uploads.recordLooks([{ taskId, finding: 'started', looks: 1 }]);

    // then
    expect(addresses).toEqual(['p@a.example', 'u@a.example']);
    expect(again).toEqual({ claim: 'sent', runId: claim.runId, reply: '250 ok' });
    expect(copy).toMatchObject({ copy: 1, userId });
    expect(due).toMatchObject({ uploads: [{ taskId }] });
    const states = await scratch.execute(
      `select state from bulk_upload_notification_events
         where id in ('${claim.eventId}', '${parked}') order by state`,
    );
    expect(states).toEqual([{ state: 'parked' }, { state: 'waiting' }]);
  });

  const forbidden = [
    ...['events', 'attempts', 'resends', 'uploads', 'migrations'].flatMap((name) => [
      `drop table bulk_upload_notification_${name}`,
      `truncate bulk_upload_notification_${name} cascade`,
      `delete from bulk_upload_notification_${name}`,
      `select from bulk_upload_notification_${name}`,
      `alter table bulk_upload_notification_${name} disable trigger all`,
    ]),
    "update bulk_upload_notification_events set state = 'sent'",
    'update bulk_upload_notification_attempts set recipient = null',
    "select bulk_upload_notification_forget_recipients('1 day')",
    "select bulk_upload_notification_close_claim('x')",
    'select encrypted_password from auth.users',
    'select * from auth.users',
    'select phone from public.profiles',
    'update public.profiles set email = null',
    'delete from auth.users',
    'create table public.mine (id integer)',
    'drop function bulk_upload_notification_claim',
  ];
  it.each(forbidden)('does not let the worker %s', async (sql) => {
    await expect(worker.query(sql)).rejects.toMatchObject({ code: '42501' });
  });

  it('does not let the worker put a table of its own before one of the ledger', async () => {
    const { eventId } = claimOf();
    const client = new Client({ connectionString: scratch.urlAs('bulk_notify', password) });
    await client.connect();

    await client.query('create temp table bulk_upload_notification_events (id text)');
    await client.query('select bulk_upload_notification_park($1, $2)', [eventId, 'gave_up']);

    const { rows } = await client.query('select from bulk_upload_notification_events');
    await client.end();
    expect(rows).toEqual([]);
  });

  it.each(['anon', 'authenticated'])('shows nothing to %s', async (role) => {
    const [tables, functions] = await Promise.all([
      scratch.execute(`
        select relname from pg_class where relname like 'bulk_upload_notification_%s'
          and relkind = 'r'
          and has_table_privilege('${role}', oid, 'select, insert, update, delete, truncate')`),
      scratch.execute(`
        select proname from pg_proc where proname like 'bulk_upload_notification_%'
          and has_function_privilege('${role}', oid, 'execute')`),
    ]);
    expect(tables).toEqual([]);
    expect(functions).toEqual([]);
  });

  it.each(blocksUnder('Looking things up'))('has an example that runs: %s', async (_, sql) => {
    expect(await scratch.execute(sql)).toEqual(expect.any(Array));
  });
});
