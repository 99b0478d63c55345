import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Client } from 'pg';
import { LOCK } from '../../src/clients/postgres/setup-lock';
import { CLI } from '../../tools/sandbox/service/service-process';
import { runSetupProcess } from '../support/run-setup';
import { scratchDatabase } from '../support/scratch-database';
import { suite } from '../support/suite';

let scratch: Awaited<ReturnType<typeof scratchDatabase>>;
beforeEach(async () => {
  scratch = await scratchDatabase();
});
afterEach(() => scratch.drop());

const setup = (environment: Record<string, string> = {}) =>
  runSetupProcess({ DATABASE_URL: scratch.url, ...environment });

it('logs that it waits for another setup, and continues after it', async () => {
  const other = new Client({ connectionString: scratch.url });
  await other.connect();
  await other.query('select pg_advisory_lock($1)', [LOCK]);
  const { rows } = await other.query<{ pid: number }>('select pg_backend_pid() as pid');

  const running = setup();
  await untilItWaits(other);
  await other.query('select pg_advisory_unlock($1)', [LOCK]);
  const { code, lines } = await running;
  await other.end();

  expect(code).toBe(0);
  const waits = lines.find(({ event }) => event === 'setup.waits_for_another_setup');
  expect(waits).toMatchObject({ level: 'warn', pid: rows[0]?.pid });
});

it('leaves nothing behind when SIGTERM ends it while it waits for another setup', async () => {
  const other = new Client({ connectionString: scratch.url });
  await other.connect();
  await other.query('select pg_advisory_lock($1)', [LOCK]);

  const child = spawn(process.execPath, [CLI, 'setup'], {
    env: { TEMPORAL_ADDRESS: suite().temporal.address, DATABASE_URL: scratch.url },
    stdio: 'ignore',
  });
  const exited = once(child, 'exit');
  await untilItWaits(other);
  child.kill('SIGTERM');
  const [code, signal] = (await exited) as [number | null, string | null];
  await other.query('select pg_advisory_unlock($1)', [LOCK]);
  await other.end();
  const next = await setup();

  expect([code, signal]).toEqual([null, 'SIGTERM']);
  expect(next.code).toBe(0);
});

it('leaves no trace of a migration that fails, and no lock', async () => {
  await scratch.execute(
    'create schema bulk_notify; create table bulk_notify.resends (mine integer)',
  );

  const failed = await setup();
  await scratch.execute('drop table bulk_notify.resends');
  const [left] = await scratch.execute<{ name: string | null }>(
    "select to_regclass('bulk_notify.bulk_upload_notification_events')::text as name",
  );

  expect(failed.code).toBe(1);
  expect(left).toEqual({ name: null });
  expect((await setup()).code).toBe(0);
});

it('names the table of addresses that is missing, and succeeds if the other one exists', async () => {
  await scratch.execute('drop table public.profiles');

  const { code, lines } = await setup();

  expect(code).toBe(0);
  expect(lines.find(({ event }) => event === 'setup.recipients_unreadable')).toMatchObject({
    level: 'error',
    faults: ['public.profiles does not exist'],
  });
});

it('fails, with everything else prepared, when no table has addresses', async () => {
  await scratch.execute('drop table public.profiles; drop table auth.users');

  const { code, events, text } = await setup();

  expect(code).toBe(1);
  expect(events).toContain('setup.namespace_ready');
  expect(text).toContain(
    'No address can be looked up: public.profiles does not exist; auth.users does not exist',
  );
});

it('logs the remedy when the database refuses the login', async () => {
  const { code, lines, text } = await setup({ DATABASE_URL: scratch.urlAs('postgres', 'hunter2') });

  expect(code).toBe(1);
  expect(lines.find(({ event }) => event === 'setup.database_failed')).toMatchObject({
    level: 'error',
    code: '28P01',
    remedy: expect.stringContaining('DATABASE_URL'),
  });
  expect(text).not.toContain('hunter2');
});

it("names the variable of the operators' login when the database refuses it", async () => {
  const { lines } = await setup({ ADMIN_DATABASE_URL: scratch.urlAs('reader', 'hunter2') });

  const remedy = 'Correct the user or the password in ADMIN_DATABASE_URL.';
  expect(lines.find(({ event }) => event === 'database.refused')).toMatchObject({ remedy });
  expect(lines.find(({ event }) => event === 'setup.reader_refused')).toMatchObject({
    err: { message: expect.stringContaining(remedy) as string },
  });
});

describe('a connection in clear', () => {
  const exposuresOf = async (environment: Record<string, string>) => {
    const { lines } = await setup(environment);
    return lines
      .filter(({ event }) => event === 'database.exposed')
      .map(({ level, exposure }) => [level, exposure]);
  };
  const OWNER = 'postgres://owner@db.invalid/ledger';
  const READER = 'postgres://reader@db.invalid/ledger';

  it('is a warning for each login', async () => {
    expect(await exposuresOf({ DATABASE_URL: OWNER, ADMIN_DATABASE_URL: READER })).toEqual([
      ['warn', 'the connection is in clear: add sslmode=require to DATABASE_URL'],
      ['warn', 'the connection is in clear: add sslmode=require to ADMIN_DATABASE_URL'],
    ]);
  });

  it('is one warning when both variables name the same', async () => {
    expect(await exposuresOf({ DATABASE_URL: OWNER, ADMIN_DATABASE_URL: OWNER })).toEqual([
      ['warn', 'the connection is in clear: add sslmode=require to DATABASE_URL'],
    ]);
  });
});

async function untilItWaits(client: Client): Promise<void> {
  for (;;) {
    const { rowCount } = await client.query(
      `select from pg_locks where not granted and locktype = 'advisory'
         and database = (select oid from pg_database where datname = current_database())`,
    );
    if (rowCount) return;
  }
}
