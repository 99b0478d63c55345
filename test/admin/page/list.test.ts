import { type AdminPage, startAdminPage } from '../../support/admin-page';
import { createMemoryOperator } from '../../support/memory-operator';
import { notificationDetail } from '../../support/memory-search';

const taskIdOf = (number: number) => `00000000-0000-4000-8000-00000000000${number}`;

const notifications = [
  notificationDetail({ taskId: taskIdOf(1), fileName: 'newest.csv' }),
  notificationDetail({ taskId: taskIdOf(2), state: 'parked', reason: 'recipient_missing' }),
  notificationDetail({ taskId: taskIdOf(3), state: 'waiting', fileName: 'oldest.csv' }),
];

let operator: ReturnType<typeof createMemoryOperator>;
let page: AdminPage;

beforeEach(async () => {
  operator = createMemoryOperator({ notifications });
  page = await startAdminPage(operator.deps);
  await page.logIn();
});

afterEach(() => page.close());

describe('the list', () => {
  it('shows the newest, each with its state, and leads to the rest', async () => {
    const first = await page.get('/');
    const [, older = ''] = /href="([^"]*cursor=[^"]*)"/.exec(first.body) ?? [];
    const second = await page.get(older.replaceAll('&amp;', '&'));

    expect(first.status).toBe(200);
    expect(first.body).toContain('newest.csv');
    expect(first.body).toContain('recipient missing');
    expect(first.body).not.toContain('oldest.csv');
    expect(second.body).toContain('oldest.csv');
    expect(second.body).not.toContain('newest.csv');
  });

  it('filters by its URL, in the list and in the counts', async () => {
    const { body } = await page.get('/?state=parked&from=7d');

    expect(body).not.toContain('newest.csv');
    expect(body).toContain('<option value="parked" selected>');
    expect(body).toContain('value="7d"');
    expect(operator.found.filters).toEqual([
      { state: 'parked', createdFrom: '2026-02-23T12:00:00.000Z' },
    ]);
  });

  it('says what is wrong with a filter, and shows no list that it does not filter', async () => {
    const { status, body } = await page.get('/?state=lost&from=yesterday');

    expect(status).toBe(400);
    expect(body).toContain('state: must be waiting, sending, sent, parked');
    expect(body).not.toContain('newest.csv');
    expect(operator.found.filters).toEqual([]);
  });

  it('refuses an address as a user ID, leads to the search box and does not repeat it', async () => {
    const { status, body } = await page.get('/?user=ada.lindgren%40customer.example');

    expect(status).toBe(400);
    expect(body).toContain('To find an address, use the search box above.');
    expect(body).not.toContain('ada.lindgren');
    expect(operator.found.filters).toEqual([]);
  });

  it('says that nothing matches', async () => {
    const { body } = await page.get('/?file=unheard-of');

    expect(body).toContain('No notification matches.');
  });

  it('counts by state and reason, and links each to its list', async () => {
    const { body } = await page.get('/');

    expect(body).toContain('href="/?state=parked&amp;reason=recipient_missing"');
  });

  it('draws the last fourteen days and has them as a table', async () => {
    const { body } = await page.get('/');

    expect(body.match(/<rect class="(?:completed|failed)" x=/g)).toHaveLength(28);
    expect(body).toContain('40 completed and 10 failed in 14 days, most of them on 2026-03-01.');
    expect(body).toContain('<th scope="row">2026-02-17</th>');
  });

  it('is sent before the counts, and without them if they fail', async () => {
    const { search } = operator.deps;
    search.count = () => Promise.reject(new Error('canceling statement due to statement timeout'));

    const { status, body } = await page.get('/');

    expect(status).toBe(200);
    expect(body).toContain('newest.csv');
    expect(body).toContain('Counting took too long.');
    expect(body).toContain('</html>');
    expect(page.log.events()).toContain('admin.counting_failed');
  });

  it('answers 503 with a page when the database does not answer', async () => {
    operator.deps.search.list = () => Promise.reject(new Error('connect ECONNREFUSED'));

    const { status, body } = await page.get('/');

    expect(status).toBe(503);
    expect(body).toContain('Temporarily unavailable');
    expect(body).not.toContain('ECONNREFUSED');
  });
});

describe('a search', () => {
  it('leads to the notification that it finds', async () => {
    const [{ eventId, taskId }] = notifications as [(typeof notifications)[0]];

    const search = await page.submit('/', '/search', { query: ` ${eventId} ` });
    const found = await page.get(search.location ?? '');

    expect(search.location).toBe(`/search?q=${encodeURIComponent(eventId)}`);
    expect([found.status, found.location]).toEqual([303, `/notifications/${taskId}/completed`]);
  });

  it('never puts an address into a URL, a page or the log', async () => {
    const address = 'ada.lindgren@customer.example';

    const search = await page.submit('/', '/search', { query: address });
    const found = await page.get(search.location ?? '');

    expect(search.location).toMatch(/^\/search\?sealed=[\w-]+$/);
    expect(operator.found.asked).toEqual([address]);
    expect(found.body).toContain('Nothing was found.');
    expect(found.body + page.log.text()).not.toContain('ada.lindgren');
  });

  it('seals an address that a link has in clear', async () => {
    const { status, location } = await page.get('/search?q=ada.lindgren%40customer.example');

    expect([status, location]).toEqual([303, expect.stringMatching(/^\/search\?sealed=[\w-]+$/)]);
    expect(operator.found.asked).toEqual([]);
  });

  it('leads back when the sealed address is of another token', async () => {
    const { location } = await page.get(`/search?sealed=${'A'.repeat(80)}`);

    expect(location).toBe('/');
  });

  it('lists several, and the uploads whose webhook is awaited', async () => {
    operator = createMemoryOperator({
      shown: () => ({
        found: 'several',
        sentence: 'Two users have this address.',
        notifications: [],
        usersWithMore: ['4711'],
        watches: [
          {
            taskId: taskIdOf(7),
            status: 'open',
            startedAt: '2026-03-02T08:00:00.000Z',
            sentence: 'The webhook is awaited.',
          },
        ],
      }),
    });
    await page.close();
    page = await startAdminPage(operator.deps);
    await page.logIn();

    const { body } = await page.get('/search?q=7a1f1c1e-3d5b-4c57-9a52-0d9f1d1b7a10');

    expect(body).toContain('Two users have this address.');
    expect(body).toContain('The webhook is awaited.');
    expect(body).toContain(taskIdOf(7));
    expect(body).toMatch(/Only the newest of user <a href="\/\?user=4711"/);
  });
});
