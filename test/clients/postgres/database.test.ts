import { randomUUID } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { DatabaseVariable } from '../../../activities/failures/remedies';
import { createDatabase, type Database } from '../../../src/clients/postgres/database';
import { capturedLogger } from '../../support/captured-logger';
import { type Refusal, startScriptedPostgres } from '../../support/scripted-postgres';
import { until } from '../../../tools/sandbox/until';
import { scratchDatabase } from '../../support/scratch-database';

const SECOND = 1_000;
const WRONG_PASSWORD = { code: '28P01', message: 'password authentication failed for "worker"' };

type Scripted = Awaited<ReturnType<typeof startScriptedPostgres>>;

let server: Scripted | undefined;
let database: Database | undefined;

afterEach(async () => {
  await database?.close();
  await server?.close();
  [database, server] = [undefined, undefined];
});

/** A database that refuses logins as `answer` says, and a clock that only moves when it is set. */
async function connect(answer: { refusal?: Refusal } = {}, variable?: DatabaseVariable) {
  server = await startScriptedPostgres({ refuse: () => answer.refusal });
  const log = capturedLogger();
  const clock = { now: 0 };
  const counted: string[] = [];
  database = createDatabase({
    ...{ variable, url: server.url },
    logger: log.logger,
    now: () => clock.now,
    metrics: { countConfigurationError: (part) => counted.push(part) },
  });
  const ask = async () => {
    const answer = await database!.query('select 1', []).catch((err: unknown) => err);
    await setImmediate();
    return answer;
  };
  const askOften = () => Promise.all(Array.from({ length: 200 }, ask));
  return { server, database, log, clock, counted, ask, askOften };
}

describe('a login', () => {
  it('sends no parameter that a pooler refuses', async () => {
    const { ask, server } = await connect();

    await ask();

    expect(Object.keys(server.logins[0] ?? {}).sort()).toEqual([
      'application_name',
      'client_encoding',
      'database',
      'encrypted',
      'user',
    ]);
  });

  const refusals: [meaning: string, refusal: Refusal, code: string][] = [
    ['a startup parameter', { code: '08P01', message: 'unsupported startup parameter' }, '08P01'],
    ['a wrong password', WRONG_PASSWORD, '28P01'],
    ['no entry in pg_hba.conf', { code: '28000', message: 'no pg_hba.conf entry' }, '28000'],
    [
      "a wrong password, in PgBouncer's words",
      { code: '08P01', message: 'SASL authentication failed' },
      '28P01',
    ],
    [
      "no such database, in PgBouncer's words",
      { code: '08P01', message: 'database "nodb" does not exist' },
      '3D000',
    ],
    ['no such database', { code: '3D000', message: 'does not exist' }, '3D000'],
    ['an unknown tenant', { code: 'XX000', message: 'Tenant or user not found' }, 'ENOTFOUND'],
    [
      'an unknown tenant, with a code',
      { code: 'XX000', message: '(ENOTFOUND) tenant/user postgres.x not found' },
      'ENOTFOUND',
    ],
    ['no TLS', { code: 'XX000', message: 'SSL connection is required' }, 'ESSLREQUIRED'],
    [
      'its network restrictions',
      { code: 'XX000', message: '(EADDRNOTALLOWED) Address not in tenant allow_list' },
      'EADDRNOTALLOWED',
    ],
    [
      'the circuit breaker',
      { code: 'XX000', message: 'Circuit breaker open: too many failures' },
      'ECIRCUITBREAKER',
    ],
  ];
  it.each(refusals)('that is refused for %s needs a person', async (_, refusal, code) => {
    const { ask, log, counted } = await connect({ refusal });

    const failure = await ask();

    expect(failure).toMatchObject({ type: 'DatabaseRefused', nonRetryable: false });
    expect((failure as Error).message).toMatch(`the database refused the service (${code})`);
    expect((failure as Error).message).toContain('DATABASE_URL');
    expect(counted).toEqual(['database']);
    expect(log.lines()).toMatchObject([{ level: 'error', event: 'database.refused', code }]);
    expect(log.text()).not.toContain('top-secret');
  });

  it.each<[string, Refusal]>([
    ['refused', WRONG_PASSWORD],
    ['met by a database without a connection left', { code: '53300', message: 'too many' }],
  ])('that is %s names the variable of the address', async (_, refusal) => {
    const { ask, log } = await connect({ refusal }, 'ADMIN_DATABASE_URL');

    const failure = await ask();

    expect((failure as Error).message).toContain('ADMIN_DATABASE_URL');
    expect(log.lines()).toMatchObject([
      { remedy: expect.stringContaining('ADMIN_DATABASE_URL') as string },
    ]);
  });

  const outages: [meaning: string, refusal: Refusal, code: string][] = [
    ['starts', { code: '57P03', message: 'the database system is starting up' }, '57P03'],
    ['has no connection left', { code: '53300', message: 'too many connections' }, '53300'],
    ['is a full pooler', { code: 'XX000', message: 'max client connections reached' }, 'EMAXCONN'],
    [
      'is a pooler without it',
      { code: 'XX000', message: '(EDBHANDLEREXITED) x' },
      'EDBHANDLEREXITED',
    ],
    [
      'is a PgBouncer without it',
      { code: '08P01', message: 'server login has been failing, try again later' },
      '08006',
    ],
  ];
  it.each(outages)('to a database that %s may be made again at once', async (_, refusal, code) => {
    const { ask, server } = await connect({ refusal });

    const failure = await ask();
    await ask();

    expect(failure).toMatchObject({ type: 'DatabaseUnavailable' });
    expect((failure as Error).message).toMatch(`the database did not answer (${code})`);
    expect(server.logins).toHaveLength(2);
  });
});

describe('a database that refuses the login', () => {
  it('sees one attempt a minute, however many calls there are', async () => {
    const { askOften, server, clock, counted, log } = await connect({
      refusal: WRONG_PASSWORD,
    });

    const failures = [];
    for (const seconds of [0, 1, 59, 61, 62, 119]) {
      clock.now = seconds * SECOND;
      failures.push(...(await askOften()));
    }

    expect(server.logins).toHaveLength(2);
    expect(failures).toHaveLength(1_200);
    for (const failure of failures) expect(failure).toMatchObject({ type: 'DatabaseRefused' });
    expect(counted).toHaveLength(2);
    expect(log.events()).toEqual(['database.refused', 'database.refused']);
  });

  it('is tried again by an activity after that minute', async () => {
    const { ask, clock } = await connect({ refusal: WRONG_PASSWORD });
    await ask();
    clock.now = 20 * SECOND;

    const failure = (await ask()) as { nextRetryDelay: number };

    expect(failure.nextRetryDelay).toBeGreaterThanOrEqual(40 * SECOND);
    expect(failure.nextRetryDelay).toBeLessThanOrEqual(70 * SECOND);
  });

  it('is in use again with the first attempt that it admits', async () => {
    const answer: { refusal?: Refusal } = { refusal: WRONG_PASSWORD };
    const { ask, askOften, database, log, clock } = await connect(answer);
    await ask();
    expect(database.refusal()).toBe('28P01');

    answer.refusal = undefined;
    clock.now = 61 * SECOND;
    await ask();

    expect(database.refusal()).toBeUndefined();
    expect(log.events()).toEqual(['database.refused', 'database.accepted_again']);
    expect(await askOften()).toEqual(Array.from({ length: 200 }, () => []));
  });

  it('is known from the start, and tried again by a readiness check', async () => {
    const { database, server, clock } = await connect({ refusal: WRONG_PASSWORD });

    await database.probe();
    await setImmediate();
    for (const seconds of [1, 30, 59]) {
      clock.now = seconds * SECOND;
      expect(database.refusal()).toBe('28P01');
    }
    expect(server.logins).toHaveLength(1);
    clock.now = 61 * SECOND;
    database.refusal();
    database.refusal();
    await until('it was asked again', () => server.logins.length > 1);

    expect(await database.probe()).toBeUndefined();
    expect(server.logins).toHaveLength(2);
  });
});

describe('a real database', () => {
  let scratch: Awaited<ReturnType<typeof scratchDatabase>>;
  const role = `reader_${randomUUID().replaceAll('-', '')}`;
  const password = randomUUID();
  beforeAll(async () => {
    scratch = await scratchDatabase();
    await scratch.execute(`create role ${role} login password '${password}';
      create table public.closed (id integer);
      create function public.wait() returns void language sql as 'select pg_sleep(60)';`);
  });
  afterAll(() => scratch.drop([role]));

  const { logger } = capturedLogger();
  const askAs = async (user: string, secret: string, sql: string) => {
    database = createDatabase({ url: scratch.urlAs(user, secret), logger });
    return database.query(sql, []).catch((err: unknown) => err);
  };

  it.each([
    ['another password', '28P01', () => askAs(role, 'another', 'select 1')],
    ['an unknown user', '28P01', () => askAs('unknown', password, 'select 1')],
    ['a table that is not there', '42P01', () => askAs(role, password, 'select from missing')],
    ['a column that is not there', '42703', () => askAs(role, password, 'select missing')],
    ['a function that is not there', '42883', () => askAs(role, password, 'select missing()')],
    ['a table that is closed', '42501', () => askAs(role, password, 'select from public.closed')],
    [
      'a read-only replica',
      '25006',
      async () => {
        await scratch.execute(`alter role ${role} set default_transaction_read_only = on`);
        return askAs(role, password, 'create temp table t (); create table u ()');
      },
    ],
  ])('refuses %s by %s', async (_, code, ask) => {
    expect(await ask()).toMatchObject({
      type: 'DatabaseRefused',
      message: expect.stringContaining(`refused the service (${code})`),
    });
  });

  it('stores a text without its NUL', async () => {
    database = createDatabase({ url: scratch.url, logger });

    const rows = await database.query('select $1::text as text', ['a\0b']);

    expect(rows).toEqual([{ text: 'ab' }]);
  });

  it('answers many concurrent calls over ten connections', async () => {
    database = createDatabase({ url: scratch.url, logger });

    const rows = await Promise.all(
      Array.from({ length: 200 }, (_, n) => database!.query('select $1::int as n', [n])),
    );

    expect(rows.flat()).toEqual(Array.from({ length: 200 }, (_, n) => ({ n })));
  });
});
