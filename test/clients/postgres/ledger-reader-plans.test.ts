import { Client } from 'pg';
import { createLedgerReader } from '../../../src/clients/postgres/ledger-reader';
import { runSetupProcess } from '../../support/run-setup';
import { scratchDatabase } from '../../support/scratch-database';

/** More than a search for a part of a file name looks at. */
const ROWS = 60_000;
const SEARCHED = 50_000;
/** The same, among those of one user. */
const BUSY_ROWS = ROWS / 5;
const SEARCHED_OF_USER = 10_000;

/**
 * A year of notifications: one in 20 failed, one in 200 is parked, a few are under way. One in 5 is of
 * the same user, among them all that failed.
 */
const GENERATE = `
  insert into bulk_notify.bulk_upload_notification_events
    (id, user_id, file_name, state, reason, sent_count, created_at)
  select
    'bulk_upload_notification:' || md5(n::text)::uuid || ':' ||
      case when n % 20 = 0 then 'failed' else 'completed' end,
    case when n % 5 = 0 then 'busy' else 'user-' || n % 3000 end, 'customers ' || n || '.csv', s.state,
    case when s.state = 'parked' then (array['refused', 'gave_up', 'uncertain'])[n / 200 % 3 + 1] end,
    case when s.state = 'sent' then 1 else 0 end,
    now() - interval '10 minutes' * (${ROWS} - n)
  from generate_series(1, ${ROWS}) n, lateral (
    select case when n % 200 = 0 then 'parked' when n % 5000 = 1 then 'waiting' else 'sent' end
  ) s (state);
  insert into bulk_notify.attempts
    (event_id, resend, run_id, recipient, message_id, mail_date, state, scheduled_at, settled_at)
  select id, 0, 'run-1', user_id || '@customer.example', '<1@sender.example>', now(), 'accepted', now(), now()
    from bulk_notify.bulk_upload_notification_events where state = 'sent' and id < 'bulk_upload_notification:4'`;

let scratch: Awaited<ReturnType<typeof scratchDatabase>>;
let client: Client;
beforeAll(async () => {
  scratch = await scratchDatabase();
  await runSetupProcess({ DATABASE_URL: scratch.url });
  client = new Client({ connectionString: scratch.url });
  await client.connect();
  await client.query(GENERATE);
  await client.query(
    'vacuum analyze bulk_notify.bulk_upload_notification_events, bulk_notify.attempts',
  );
  await client.query(`
    load 'auto_explain';
    set auto_explain.log_min_duration = 0;
    set auto_explain.log_nested_statements = on`);
}, 180_000);
afterAll(async () => {
  await client?.end();
  await scratch?.drop();
});

const query = async <R>(text: string, values: unknown[] = []) =>
  (await client.query(text, values)).rows as R[];
const reader = createLedgerReader({ query });

/** How many notifications the scans of a plan have read, with those that they left out. */
function rowsRead(plan: string): number {
  const scans = plan
    .split('->')
    .filter((node) => /Scan.* on bulk_upload_notification_events/.test(node));
  return scans
    .flatMap((scan) => [/actual .*rows=(\d+)/.exec(scan), /Removed by Filter: (\d+)/.exec(scan)])
    .reduce((sum, match) => sum + Number(match?.[1] ?? 0), 0);
}

/** The plans of the statements that read notifications. */
async function plansOf(sql: string, values: unknown[]): Promise<string[]> {
  const plans: string[] = [];
  const listen = ({ message = '' }) => {
    const reads = / on (?:bulk_upload_notification_events|attempts) /.test(message);
    if (reads && message.includes('cost=')) plans.push(message);
  };
  client.on('notice', listen);
  await client.query('set client_min_messages = log');
  await client.query(sql, values);
  await client.query('set client_min_messages = notice');
  client.off('notice', listen);
  return plans;
}

const FURTHER_FILTERS: Record<string, string>[] = [
  {},
  { state: 'parked' },
  { state: 'sent' },
  { reason: 'refused' },
  { outcome: 'failed' },
  { outcome: 'completed' },
  { created_from: '2020-01-01' },
  { state: 'parked', outcome: 'failed', created_from: '2020-01-01' },
];

/** A part of a file name among the many notifications of a user. */
const OF_BUSY_USER = FURTHER_FILTERS.map((filter) => ({
  ...{ file_name: 'nowhere', user_id: 'busy' },
  ...filter,
}));

const FILTERS: [filter: Record<string, string>, index: string][] = [
  [{}, 'events_time'],
  [{ state: 'sent' }, 'events_(?:state|time)'],
  [{ state: 'parked' }, 'events_state'],
  [{ state: 'waiting' }, 'events_state'],
  [{ reason: 'gave_up' }, 'events_reason'],
  [{ outcome: 'failed' }, 'events_failed'],
  [{ outcome: 'completed' }, 'events_time'],
  [{ user_id: 'user-7' }, 'events_user'],
  [{ created_from: '2026-01-01' }, 'events_time'],
  [{ user_id: 'user-7', state: 'parked' }, 'events_(?:user|state)'],
  [{ state: 'sent', outcome: 'failed' }, 'events_(?:state|failed)'],
  [{ state: 'parked', reason: 'refused', outcome: 'failed' }, 'events_(?:reason|failed|state)'],
  [{ file_name: 'nowhere' }, 'events_time'],
  [{ file_name: 'nowhere', user_id: 'user-7' }, 'events_user'],
  [{ file_name: 'nowhere', state: 'sent' }, 'events_(?:state|time)'],
  ...OF_BUSY_USER.map((filter): [Record<string, string>, string] => [filter, 'events_user']),
];

describe('list_notifications', () => {
  it.each(FILTERS)('reads %j by an index, from its newest entry', async (filter, index) => {
    const plans = await plansOf('select * from bulk_notify.list_notifications($1, $2, $3, 51)', [
      JSON.stringify(filter),
      Date.now() * 1_000,
      'bulk_upload_notification:f',
    ]);

    expect(plans).toHaveLength(1);
    expect(plans[0]).toMatch(new RegExp(`Scan.* (?:using|on) ${index}`));
    expect(plans[0]).not.toMatch(/Seq Scan/);
  });

  it('ends a search for a part of a file name, and says where', async () => {
    const search = (micros: string | null, id: string | null) =>
      client.query<Record<string, string>>(
        `select * from bulk_notify.list_notifications('{"file_name": "MERS 77."}', $1, $2, 51)`,
        [micros, id],
      );

    const { rows: first } = await search(null, null);
    const [end] = first;
    const { rows: second } = await search(end?.created_micros ?? '', end?.id ?? '');

    expect(first).toEqual([
      expect.objectContaining({
        is_match: false,
        file_name: `customers ${ROWS - SEARCHED + 1}.csv`,
      }),
    ]);
    expect(first[0]).toMatchObject({ is_end: true });
    expect(second).toEqual([
      expect.objectContaining({ is_match: true, is_end: false, file_name: 'customers 77.csv' }),
    ]);
  });

  it('says where the search ended when its last notification matches', async () => {
    const fileName = `customers ${ROWS - SEARCHED + 1}.csv`;

    const page = await reader.list({ fileName }, { limit: 10 });

    expect(page).toMatchObject({
      ...{ notifications: [{ fileName }], searchedTo: page.notifications[0]?.createdAt },
      nextCursor: expect.any(String) as string,
    });
  });
});

describe('a search for a part of a file name', () => {
  it.each([
    [{ state: 'sent' as const }, "state = 'sent'", SEARCHED],
    [{ userId: 'busy' }, "user_id = 'busy'", SEARCHED_OF_USER],
  ])('in %j says that there is more only beyond its bound', async (filter, condition, bound) => {
    const [last, next] = await query<{ created_at: string }>(`
      select created_at::text from bulk_notify.bulk_upload_notification_events
        where ${condition} order by created_at desc limit 2 offset ${bound - 1}`);
    const searchFrom = async (createdFrom = '') => {
      const search = { ...filter, fileName: 'nowhere', createdFrom };
      return [await reader.list(search, { limit: 10 }), await reader.count(search)];
    };

    const bounded = await searchFrom(last?.created_at);
    const cut = await searchFrom(next?.created_at);

    expect(bounded).toEqual([{ notifications: [] }, []]);
    expect(cut).toMatchObject([
      { notifications: [], searchedTo: expect.any(String) as string },
      expect.arrayContaining([expect.objectContaining({ count: 0, isCapped: true })]) as object,
    ]);
  });
});

describe('a part of a file name in many notifications of a user', () => {
  it.each(OF_BUSY_USER)('is sought in %j by reading no more than the newest', async (filter) => {
    const list = 'select * from bulk_notify.list_notifications($1, null, null, 51)';
    const count = 'select * from bulk_notify.count_notifications($1, 10000)';
    await client.query('set auto_explain.log_analyze = on');

    const plans = [
      ...(await plansOf(list, [JSON.stringify(filter)])),
      ...(await plansOf(count, [JSON.stringify(filter)])),
    ].filter((plan) => plan.includes("lower('nowhere')"));

    await client.query('set auto_explain.log_analyze = off');
    expect(plans.map(rowsRead).map((rows) => rows < SEARCHED_OF_USER * 1.1)).toEqual([true, true]);
  });

  it.each([
    [{ state: 'parked' as const }, ROWS / 200],
    [{ outcome: 'failed' as const }, ROWS / 20],
    [{ reason: 'refused' as const }, ROWS / 600],
  ])('is found in all pages of %j, each notification once', async (filter, matching) => {
    const found: string[] = [];
    const ends: unknown[] = [];
    let cursor: string | undefined;
    do {
      const page = await reader.list(
        { userId: 'busy', fileName: 'CUSTOMERS', ...filter },
        { limit: 4_000, cursor },
      );
      found.push(...page.notifications.map(({ eventId }) => eventId));
      if (page.searchedTo) ends.push(page.searchedTo);
      cursor = page.nextCursor;
    } while (cursor !== undefined);

    expect(found).toHaveLength(matching);
    expect(new Set(found).size).toBe(matching);
    expect(ends.length).toBeGreaterThan(0);
  });

  it('is counted in the newest, and each count says that there may be more', async () => {
    const filter = { userId: 'busy', fileName: 'CUSTOMERS' };

    const counts = await reader.count(filter);
    const parked = await reader.count({ ...filter, state: 'parked', reason: 'refused' });
    const elsewhere = await reader.count({ ...filter, fileName: 'nowhere', state: 'parked' });

    const share = SEARCHED_OF_USER / BUSY_ROWS;
    const all = counts.reduce((sum, { count }) => sum + count, 0);
    // One more tells that there are older ones.
    expect(all).toBe(SEARCHED_OF_USER + 1);
    expect(counts.every(({ isCapped }) => isCapped)).toBe(true);
    expect(parked).toMatchObject([{ state: 'parked', reason: 'refused', isCapped: true }]);
    expect(parked[0]?.count).toBeCloseTo((ROWS / 600) * share, -1);
    expect(elsewhere.map(({ reason, count, isCapped }) => [reason, count, isCapped])).toEqual([
      ['gave_up', 0, true],
      ['refused', 0, true],
      ['uncertain', 0, true],
    ]);
  });

  it('is counted to the end of a user with few', async () => {
    const counts = await reader.count({ userId: 'user-7', fileName: 'CUSTOMERS' });

    expect(counts).toEqual([{ state: 'sent', count: 20, isCapped: false }]);
  });
});

describe('count_notifications', () => {
  it.each(FILTERS)('counts %j by indexes', async (filter) => {
    const plans = await plansOf('select * from bulk_notify.count_notifications($1, 100)', [
      JSON.stringify(filter),
    ]);

    expect(plans.length).toBeGreaterThan(0);
    expect(plans.join('\n')).not.toMatch(/Seq Scan on bulk/);
  });

  it.each([
    [{}],
    [{ state: 'parked' }],
    [{ reason: 'gave_up' }],
    [{ outcome: 'failed', state: 'parked' }],
    [{ outcome: 'completed' }],
    [{ user_id: 'user-7', state: 'sent' }],
    [{ user_id: 'user-7', outcome: 'completed' }],
    [{ user_id: 'user-7', outcome: 'failed' }],
  ])('counts %j without a look at the table', async (filter) => {
    const plans = await plansOf('select * from bulk_notify.count_notifications($1, 100)', [
      JSON.stringify(filter),
    ]);
    const counting = plans.filter((plan) => plan.includes('order by e.created_at desc'));

    expect(counting.length).toBeGreaterThan(0);
    expect(counting.join('\n')).not.toMatch(/Heap Scan|(?<!Only )Scan using/);
  });

  it('stops counting at its limit', async () => {
    const { rows } = await client.query(
      `select * from bulk_notify.count_notifications('{"state": "sent"}', 100)`,
    );

    expect(rows).toMatchObject([{ state: 'sent', count: '100', is_capped: true }]);
  });
});

it('finds the mails to an address by an index', async () => {
  const plans = await plansOf(
    'select from bulk_notify.attempts where lower(recipient) = lower($1) order by claimed_at desc limit 9',
    ['USER-7@customer.example'],
  );

  expect(plans.join('\n')).toMatch(/attempts_recipient/);
});
