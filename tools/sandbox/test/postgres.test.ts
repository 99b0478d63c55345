import { Client } from 'pg';
import { addUser } from '../postgres/add-user';
import { type SandboxPostgres, startPostgres } from '../postgres/postgres';

let postgres: SandboxPostgres;

beforeAll(async () => {
  postgres = await startPostgres();
});

afterAll(() => postgres.close());

async function connect(): Promise<Client> {
  const client = new Client({ connectionString: postgres.url });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

async function query(sql: string): Promise<unknown[]> {
  const client = await connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

const emailsOf = (userId: string): Promise<unknown[]> =>
  query(`select profiles.email as profile, users.email as auth
         from profiles full join auth.users on id = user_id
         where '${userId}' in (user_id, id)`);

describe('startPostgres', () => {
  it('starts Postgres 18 in UTF-8, for 127.0.0.1 only', async () => {
    const settings =
      await query(`select current_setting('server_version_num')::int / 10000 as major,
      current_setting('server_encoding') as encoding, current_setting('listen_addresses') as host`);

    expect(settings).toEqual([{ major: 18, encoding: 'UTF8', host: '127.0.0.1' }]);
  });

  it.each([
    ['a profile', { profileEmail: 'a@example.com' }, [{ profile: 'a@example.com', auth: null }]],
    ['an account', { authEmail: 'b@example.com' }, [{ profile: null, auth: 'b@example.com' }]],
    [
      'both',
      { profileEmail: 'a@example.com', authEmail: 'b@example.com' },
      [{ profile: 'a@example.com', auth: 'b@example.com' }],
    ],
    ['neither', {}, []],
  ])('knows a user by %s', async (_, emails, expected) => {
    const userId = crypto.randomUUID();

    await addUser(postgres.url, { userId, ...emails });

    expect(await emailsOf(userId)).toEqual(expected);
  });

  it('refuses connections while it is stopped, and has kept its data when it is back', async () => {
    const userId = crypto.randomUUID();
    await addUser(postgres.url, { userId, profileEmail: 'kept@example.com' });

    await postgres.stop();
    await expect(query('select 1')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await postgres.start();

    expect(await emailsOf(userId)).toEqual([{ profile: 'kept@example.com', auth: null }]);
  });

  it('stays the same process when it is started while it runs', async () => {
    const { pid } = postgres;

    await postgres.start();

    expect(postgres.pid).toBe(pid);
  });

  it('comes back from a crash in the middle of a query', async () => {
    const userId = crypto.randomUUID();
    await addUser(postgres.url, { userId, profileEmail: 'kept@example.com' });
    const { pid } = postgres;
    const client = await connect();
    const sleep = client.query('select pg_sleep(60)').catch(() => 'cut off');

    await postgres.kill();
    await postgres.start();

    expect(await sleep).toBe('cut off');
    expect(postgres.pid).not.toBe(pid);
    expect(await emailsOf(userId)).toHaveLength(1);
  });

  it('comes back when a backend outlives the crash', async () => {
    const client = await connect();
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
    const { pid } = rows[0]!;

    process.kill(pid, 'SIGSTOP');
    await postgres.kill();
    const started = postgres.start();
    setTimeout(() => process.kill(pid, 'SIGCONT'), 500);

    await expect(started).resolves.toBeUndefined();
  });
});
