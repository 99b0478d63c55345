import { randomBytes } from 'node:crypto';
import type { DatabaseVariable } from '../../activities/failures/remedies';
import { createDatabase } from '../../src/clients/postgres/database';
import { databaseAddress, type DatabaseAddress } from '../../src/clients/postgres/database-tls';
import { createRecipientDirectory } from '../../src/clients/postgres/recipients';
import { databaseExamination } from '../../src/doctor/database';
import { capturedLogger } from '../support/captured-logger';
import { examine, troubles } from '../support/examine';
import { runSetupProcess } from '../support/run-setup';
import { scratchDatabase } from '../support/scratch-database';

const WORKER = `doctor_worker_${randomBytes(4).toString('hex')}`;
const READER = `doctor_reader_${randomBytes(4).toString('hex')}`;
const PASSWORD = 'planted-password';

let scratch: Awaited<ReturnType<typeof scratchDatabase>>;
beforeAll(async () => {
  scratch = await scratchDatabase();
  await runSetupProcess({ DATABASE_URL: scratch.url });
  await scratch.execute(`
    create role ${WORKER} login password '${PASSWORD}';
    grant usage on schema bulk_notify to ${WORKER};
    grant execute on all functions in schema bulk_notify to ${WORKER};
    create role ${READER} login password '${PASSWORD}';
    grant usage on schema bulk_notify to ${READER};
    grant select on bulk_notify.bulk_upload_notification_events to ${READER}`);
  // It gives a reader the rest of what it needs.
  await runSetupProcess({ DATABASE_URL: scratch.url });
});
afterAll(() => scratch.drop([WORKER, READER]));

const plain = (url: string, variable: DatabaseVariable = 'DATABASE_URL'): DatabaseAddress =>
  databaseAddress({ variable, url }, 'none', {});
const asWorker = () => scratch.urlAs(WORKER, PASSWORD);
const asReader = () => scratch.urlAs(READER, PASSWORD);

async function examineDatabase(url: string, readerUrl?: string) {
  const address = plain(url);
  const { logger } = capturedLogger();
  const database = createDatabase({ ...address, logger });
  const findings = await examine(
    databaseExamination({
      database: address,
      ...(readerUrl && { adminDatabase: plain(readerUrl, 'ADMIN_DATABASE_URL') }),
      recipients: createRecipientDirectory({ database, logger }),
    }),
  );
  await database.close();
  return findings;
}

describe('the doctor on the database', () => {
  it('finds everything well for a role that may only call the functions, and one that reads', async () => {
    const findings = await examineDatabase(asWorker(), asReader());

    expect(troubles(findings)).toEqual([]);
    expect(findings.map(({ check, status }) => `${check} ${status}`).sort()).toEqual([
      'clock ok',
      'connection ok',
      'exposure ok',
      'ledger ok',
      'operator exposure ok',
      'operator login ok',
      'operator role ok',
      'recipients ok',
      'worker role ok',
    ]);
  });

  it('finds a wrong password', async () => {
    const findings = await examineDatabase(scratch.urlAs(WORKER, 'wrong-password'));

    const finding = findings.find(({ status }) => status === 'failure');
    expect(finding).toMatchObject({
      check: 'connection',
      what: 'the database does not admit us (28P01)',
      remedy: 'Correct the user or the password in DATABASE_URL.',
    });
    expect(JSON.stringify(findings)).not.toContain('wrong-password');
  });

  it('finds a wrong password of the operators, and names their variable', async () => {
    const findings = await examineDatabase(asWorker(), scratch.urlAs(READER, 'wrong-password'));

    expect(findings.find(({ check }) => check === 'operator login')).toMatchObject({
      status: 'failure',
      remedy: 'Correct the user or the password in ADMIN_DATABASE_URL.',
    });
  });

  it('finds a database that does not run, and one of another name', async () => {
    const [away] = troubles(await examineDatabase('postgres://x:y@127.0.0.1:1/z'));
    const other = new URL(scratch.url);
    other.pathname = '/nowhere';
    const [unknown] = troubles(await examineDatabase(other.href));

    expect(away).toBe('failure connection: the database does not admit us (ECONNREFUSED)');
    expect(unknown).toBe('failure connection: the database does not admit us (3D000)');
  });

  it('finds a connection in clear, whether it can be made or not', async () => {
    const findings = await examineDatabase('postgres://x:y@db.invalid:5432/z');

    expect(troubles(findings)[0]).toBe('warning exposure: the connection is in clear');
    expect(findings[0]?.remedy).toBe('Add sslmode=require to DATABASE_URL.');
  });

  it("finds that the operators' connection is in clear, and names their variable", async () => {
    const findings = await examineDatabase(asWorker(), 'postgres://x:y@db.invalid:5432/z');

    expect(findings.find(({ check }) => check === 'operator exposure')).toMatchObject({
      ...{ status: 'warning', what: 'the connection is in clear' },
      remedy: 'Add sslmode=require to ADMIN_DATABASE_URL.',
    });
  });

  it("finds operators without a login of their own, whose look-ups the worker's role cannot do", async () => {
    const findings = await examineDatabase(asWorker());

    expect(troubles(findings)).toEqual([
      `warning operator role: operators look up as ${WORKER}, which may not read the ledger`,
    ]);
    expect(findings.at(-1)?.remedy).toContain('ADMIN_DATABASE_URL');
  });

  it('warns of a superuser', async () => {
    expect(troubles(await examineDatabase(scratch.url))).toEqual([
      expect.stringMatching(/^warning worker role: \S+ is a superuser$/),
    ]);
  });

  it('finds a worker that may not call a function', async () => {
    await scratch.execute(`revoke execute on function bulk_notify.submit from ${WORKER}`);

    const findings = await examineDatabase(asWorker());
    await scratch.execute(`grant execute on all functions in schema bulk_notify to ${WORKER}`);

    expect(troubles(findings)[0]).toBe(`failure worker role: ${WORKER} may not call submit`);
  });

  it('finds operators that may not read a table, and ones that may change one', async () => {
    await scratch.execute(`revoke select on bulk_notify.attempts from ${READER}`);
    const blind = await examineDatabase(asWorker(), asReader());
    await scratch.execute(`grant select, delete on bulk_notify.attempts to ${READER}`);
    const mighty = await examineDatabase(asWorker(), asReader());
    await scratch.execute(`revoke delete on bulk_notify.attempts from ${READER}`);

    expect(troubles(blind)).toEqual([
      `failure operator role: ${READER} may not use table attempts`,
    ]);
    expect(troubles(mighty)).toEqual([
      `warning operator role: ${READER} may change the ledger: table attempts`,
    ]);
  });

  it('finds that one table of addresses cannot be read, and that none can', async () => {
    await scratch.execute('alter table public.profiles rename to profiles_before');
    const one = await examineDatabase(asWorker(), asReader());
    await scratch.execute('alter table auth.users rename to users_before');
    const none = await examineDatabase(asWorker(), asReader());
    await scratch.execute(
      'alter table public.profiles_before rename to profiles; alter table auth.users_before rename to users',
    );

    expect(troubles(one)).toEqual(['warning recipients: public.profiles does not exist']);
    expect(troubles(none)).toEqual([
      'failure recipients: public.profiles does not exist; auth.users does not exist',
    ]);
  });
});

describe('the doctor on a database that setup has not prepared', () => {
  it('finds a function of another version, then a missing one, then no schema', async () => {
    const own = await scratchDatabase();
    await runSetupProcess({ DATABASE_URL: own.url });
    await own.execute('update pg_proc set prosrc = prosrc || chr(32) where proname = $$submit$$');
    const outdated = troubles(await examineDatabase(own.url));
    await own.execute('drop function bulk_notify.submit');
    const missing = troubles(await examineDatabase(own.url));
    await own.execute('drop schema bulk_notify cascade');
    const bare = troubles(await examineDatabase(own.url));
    await own.drop();

    expect(outdated[0]).toMatch(/^failure ledger: functions are of another version: .*submit/);
    expect(missing[0]).toBe('failure ledger: functions are missing: submit');
    expect(bare[0]).toBe('failure ledger: there is no schema bulk_notify');
  });
});
