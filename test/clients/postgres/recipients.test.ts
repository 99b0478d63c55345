import { randomUUID } from 'node:crypto';
import { runSetup } from '../../../tools/sandbox/service/service-process';
import { createDatabase, type Database } from '../../../src/clients/postgres/database';
import {
  createRecipientDirectory,
  type RecipientSource,
} from '../../../src/clients/postgres/recipients';
import { capturedLogger } from '../../support/captured-logger';
import { scratchDatabase } from '../../support/scratch-database';
import { suite } from '../../support/suite';

let scratch: Awaited<ReturnType<typeof scratchDatabase>>;
let database: Database;
beforeAll(async () => {
  scratch = await scratchDatabase();
  await runSetup({ TEMPORAL_ADDRESS: suite().temporal.address, DATABASE_URL: scratch.url });
  database = createDatabase({ url: scratch.url, logger: capturedLogger().logger });
});
afterAll(async () => {
  await database.close();
  await scratch.drop();
});

const PROFILES = 'create table public.profiles (user_id uuid, email text)';
const USERS = `create schema if not exists auth;
  create table auth.users (id uuid primary key, email text, email_confirmed_at timestamptz)`;

/** Creates the team's tables again. */
async function tables({ profiles = PROFILES, users = USERS }) {
  await scratch.execute(`drop table if exists public.profiles cascade;
    drop view if exists public.profiles; drop schema if exists auth cascade; ${profiles}; ${users}`);
}

function directory(source?: RecipientSource) {
  const log = capturedLogger();
  const counted: string[] = [];
  const metrics = { countConfigurationError: (part: string) => counted.push(part) };
  return { log, counted, ...createRecipientDirectory({ database, source, ...log, metrics }) };
}

async function addUser(
  {
    profiles = [],
    account,
    confirmed = true,
  }: {
    profiles?: (string | null)[];
    account?: string | null;
    confirmed?: boolean;
  },
  userId = randomUUID(),
): Promise<string> {
  const quote = (text: string | null) => (text === null ? 'null' : `'${text}'`);
  for (const email of profiles) {
    await scratch.execute(`insert into public.profiles values ('${userId}', ${quote(email)})`);
  }
  if (account !== undefined) {
    const at = confirmed ? 'now()' : 'null';
    await scratch.execute(`insert into auth.users values ('${userId}', ${quote(account)}, ${at})`);
  }
  return userId;
}

const inProfile = (text: string) => ({ source: 'profile', text });
const inAccount = (text: string) => ({ source: 'account', text });

describe('findAddresses', () => {
  beforeEach(() => tables({}));

  it('returns the profiles in a stable order, then the account', async () => {
    const profiles = ['c@x.example', 'a@x.example', null, ' ', 'none', 'b@x.example'];
    const userId = await addUser({ profiles, account: 'd@x.example', confirmed: false });

    const addresses = await directory().findAddresses(userId);

    expect(addresses).toEqual([
      inProfile('a@x.example'),
      inProfile('b@x.example'),
      inProfile('c@x.example'),
      inAccount('d@x.example'),
    ]);
  });

  it('returns ten of a thousand profiles, and none of 3 MB', async () => {
    const userId = await addUser({ account: 'd@x.example' });
    await scratch.execute(`insert into public.profiles
      select '${userId}', 'user' || lpad(n::text, 4, '0') || '@x.example' from generate_series(1, 1000) n;
      insert into public.profiles values ('${userId}', repeat(' ', 3000000) || '0@x.example')`);

    const addresses = (await directory().findAddresses(userId)) as unknown[];

    expect(addresses).toHaveLength(11);
    expect(addresses[0]).toEqual(inProfile('user0001@x.example'));
    expect(addresses[10]).toEqual(inAccount('d@x.example'));
  });

  it('returns only a confirmed account with confirmed_account', async () => {
    const recipients = directory('confirmed_account');
    const confirmed = await addUser({ profiles: ['p@x.example'], account: 'a@x.example' });
    const open = await addUser({
      profiles: ['p@x.example'],
      account: 'b@x.example',
      confirmed: false,
    });

    expect(await recipients.findAddresses(confirmed)).toEqual([inAccount('a@x.example')]);
    expect(await recipients.findAddresses(open)).toEqual([]);
  });

  it.each(['', 'x', `${randomUUID()}x`])('returns no address for the user %j', async (userId) => {
    const reason = 'recipient_missing';
    expect(await directory().findAddresses(userId)).toEqual({ reason });
  });

  it.each([
    ['text', 'user_id text, email text'],
    ['varchar', 'user_id varchar(64), email varchar(255)'],
  ])('reads profiles whose user_id is %s', async (_, columns) => {
    await tables({ profiles: `create table public.profiles (${columns})` });
    const userId = await addUser({ profiles: ['p@x.example'], account: 'a@x.example' });

    expect(await directory().findAddresses(userId.toUpperCase())).toEqual([
      inProfile('p@x.example'),
      inAccount('a@x.example'),
    ]);
  });

  it('reads profiles that are a view', async () => {
    await tables({
      profiles: 'create table if not exists public.people (owner uuid, mail text)',
    });
    await scratch.execute(
      'create view public.profiles as select owner as user_id, mail as email from public.people',
    );
    const userId = randomUUID();
    await scratch.execute(`insert into public.people values ('${userId}', 'p@x.example')`);

    const addresses = await directory().findAddresses(userId);
    await scratch.execute('drop view public.profiles');

    expect(addresses).toEqual([inProfile('p@x.example')]);
  });
});

describe('without a usable profiles table', () => {
  const unusable = [
    ['there is none', 'select', 'public.profiles does not exist'],
    [
      "it is of Supabase's guide",
      'create table public.profiles (id uuid primary key, first_name text)',
      'public.profiles has no column user_id, email',
    ],
    [
      'its user_id is a number',
      'create table public.profiles (user_id integer, email text)',
      'public.profiles cannot be asked for a user (22P02)',
    ],
  ];
  it.each(unusable)('returns the account when %s, and reports it', async (_, profiles, fault) => {
    await tables({ profiles });
    const { findAddresses, counted, log } = directory();
    const userId = await addUser({ account: 'a@x.example' });

    const addresses = [await findAddresses(userId), await findAddresses(userId)];

    expect(addresses).toEqual([[inAccount('a@x.example')], [inAccount('a@x.example')]]);
    expect(counted).toEqual(['database']);
    expect(log.lines()).toMatchObject([
      { level: 'error', event: 'database.recipients_unreadable', faults: [fault] },
    ]);
  });

  it('rejects when the account has no address either', async () => {
    await tables({ profiles: 'select' });
    const userId = await addUser({ account: null });

    await expect(directory().findAddresses(userId)).rejects.toMatchObject({
      type: 'DatabaseRefused',
      nonRetryable: false,
      message: expect.stringContaining('public.profiles does not exist'),
    });
  });

  it('reports nothing with confirmed_account', async () => {
    await tables({ profiles: 'select' });
    const { findAddresses, counted } = directory('confirmed_account');
    const userId = await addUser({ account: 'a@x.example' });

    expect(await findAddresses(userId)).toEqual([inAccount('a@x.example')]);
    expect(counted).toEqual([]);
  });
});

describe('check', () => {
  const noProfiles = ['public.profiles does not exist'];
  const noUsers = ['auth.users has no column email_confirmed_at'];
  it.each<[string, object, RecipientSource, object]>([
    ['both tables', {}, 'profile_first', { faults: [], usable: true }],
    ['no profiles', { profiles: 'select' }, 'profile_first', { faults: noProfiles, usable: true }],
    [
      'an account without its confirmation',
      { users: 'create schema auth; create table auth.users (id uuid, email text)' },
      'profile_first',
      { faults: noUsers, usable: true },
    ],
    [
      'an account without its confirmation',
      { users: 'create schema auth; create table auth.users (id uuid, email text)' },
      'confirmed_account',
      { faults: noUsers, usable: false },
    ],
    [
      'neither table',
      { profiles: 'select', users: 'select' },
      'profile_first',
      { faults: [...noProfiles, 'auth.users does not exist'], usable: false },
    ],
  ])('checks %s: %j, %s', async (_, made, source, expected) => {
    await tables(made);

    expect(await directory(source).check()).toEqual(expected);
  });
});
