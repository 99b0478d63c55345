import { type AdminPage, startAdminPage } from '../../support/admin-page';
import { leftAlone } from '../../support/memory-bulks';
import { createMemoryOperator } from '../../support/memory-operator';
import { notificationDetail } from '../../support/memory-search';

const notifications = [1, 2].map((number) =>
  notificationDetail({
    taskId: `00000000-0000-4000-8000-00000000000${number}`,
    ...{ state: 'parked', reason: 'refused', fileName: `list-${number}.csv` },
  }),
);
const DRY_RUN = '/bulk-resends/new?state=parked&reason=refused&from=7d';

let operator: ReturnType<typeof createMemoryOperator>;
let page: AdminPage;

beforeEach(async () => {
  operator = createMemoryOperator({ notifications });
  page = await startAdminPage(operator.deps);
  await page.logIn();
});

afterEach(() => page.close());

const start = (fields: Record<string, string> = {}) =>
  page.submit(DRY_RUN, '/bulk-resends', { why: 'relay mended', confirmed: 'yes', ...fields });

describe('the dry run', () => {
  it('says how many would be resent, which, and what is left alone, and sends nothing', async () => {
    const { status, body } = await page.get(DRY_RUN);

    expect(status).toBe(200);
    expect(body).toContain('<strong>2 notifications</strong> would be resent.');
    expect(body).toContain('Left alone: 3 whose mail was accepted');
    expect(body).toContain('list-1.csv');
    expect(operator.bulk.started).toEqual([]);
  });

  it('can be confirmed when the search ended before it found one', async () => {
    operator.bulk.bulks.preview = () =>
      Promise.resolve({
        ...{ count: 0, isCapped: true, sample: [] },
        leftAlone: leftAlone(0),
      });

    const { body } = await page.get(DRY_RUN);

    expect(body).toContain('<strong>At least 0 notifications</strong> would be resent.');
    expect(body).not.toContain('of them</h2>');
    expect(body).toContain('Start the bulk resend');
  });

  it('says of what is left alone that there may be more when its count ended at its limit', async () => {
    operator.bulk.bulks.preview = () =>
      Promise.resolve({
        ...{ count: 2, isCapped: false, sample: [] },
        leftAlone: leftAlone(10_000, { isAlreadySentCapped: true, uncertain: 7 }),
      });

    const { body } = await page.get(DRY_RUN);

    expect(body).toContain(
      'Left alone: at least 10,000 whose mail was accepted, 7 whose mail may have been.',
    );
  });

  it('is refused without a filter', async () => {
    const { status, body } = await page.get('/bulk-resends/new');

    expect(status).toBe(400);
    expect(body).toContain('A bulk resend needs at least one filter.');
  });

  it('is linked from a list that is filtered', async () => {
    const { body } = await page.get('/?state=parked');

    expect(body).toContain('href="/bulk-resends/new?state=parked"');
    expect((await page.get('/')).body).not.toContain('href="/bulk-resends/new');
  });
});

describe('a bulk resend', () => {
  it('selects what the dry run showed: its ages are instants, and it has an end', async () => {
    const { status, location } = await start({ requested_by: 'jane' });

    expect([status, location]).toEqual([
      303,
      expect.stringMatching(/^\/bulk-resends\/[0-9a-f]{32}\?/),
    ]);
    expect(operator.bulk.started).toMatchObject([
      {
        filter: {
          ...{ state: 'parked', reason: 'refused' },
          ...{ createdFrom: '2026-02-23T12:00:00.000Z', createdTo: '2026-03-02T12:00:00.000Z' },
        },
        ...{ includeSent: false, ratePerSecond: 5, requestedBy: 'jane', reason: 'relay mended' },
      },
    ]);
  });

  it('is not started unless the number is confirmed', async () => {
    const { status, body } = await start({ confirmed: '' });

    expect(status).toBe(200);
    expect(body).toContain('Dry run: nothing has been sent');
    expect(operator.bulk.started).toEqual([]);
  });

  it('is one however often its form is sent', async () => {
    const request_id = '11111111-1111-4111-8111-111111111111';

    const first = await start({ request_id });
    const second = await start({ request_id });

    expect(second.location).toBe(first.location);
    expect(operator.bulk.started).toHaveLength(1);
  });

  it('is refused under the request ID of another selection', async () => {
    const request_id = '11111111-1111-4111-8111-111111111111';
    await start({ request_id });

    const { status, body } = await start({ request_id, include_sent: 'yes' });

    expect(status).toBe(409);
    expect(body).toContain('It differs: whether accepted mails are included');
    expect(operator.bulk.started).toHaveLength(1);
  });

  it('shows its progress and asks again by itself, unless that is switched off', async () => {
    const { location } = await start();

    const following = await page.get(location ?? '');
    const still = await page.get(`${location}&refresh=off`);

    expect(following.body).toContain('of 2');
    expect(following.headers.get('Refresh')).toBe('5');
    expect(still.headers.get('Refresh')).toBeNull();
  });

  it('reports each item, by its result', async () => {
    const { location } = await start();
    operator.bulk.items.push(
      ...notifications.map(({ eventId }, index) => ({
        ...{ eventId, at: '2026-03-02T12:00:01.000Z' },
        result: index === 0 ? ('requested' as const) : ('already_sent' as const),
      })),
    );

    const all = await page.get(location ?? '');
    const requested = await page.get(`${location}&result=requested`);

    expect(all.body).toContain(
      'href="/notifications/00000000-0000-4000-8000-000000000002/completed"',
    );
    expect(requested.body).not.toContain('/notifications/00000000-0000-4000-8000-000000000002/');
  });

  it('is reported from its beginning with a cursor that is none', async () => {
    const { location } = await start();
    const cursors: unknown[] = [];
    const { items } = operator.deps.bulks;
    operator.deps.bulks.items = (bulkId, query) => {
      cursors.push(query.cursor);
      return items(bulkId, query);
    };

    const { status } = await page.get(`${location}&cursor=x`);
    await page.get(`${location}&cursor=42`);

    expect(status).toBe(200);
    expect(cursors).toEqual([undefined, '42']);
  });

  it('is not started without a reason', async () => {
    const { status, body } = await start({ why: ' ' });

    expect(status).toBe(400);
    expect(body).toContain('The reason must be one line of 1 to 1024 characters.');
    expect(operator.bulk.started).toEqual([]);
  });

  it('can be cancelled', async () => {
    const { location } = await start();
    const path = location?.split('?')[0] ?? '';

    await page.submit(path, `${path}/cancel`);

    expect(operator.bulk.cancelled).toEqual([`bulk_resend:${path.split('/').at(-1)}`]);
    expect((await page.get(path)).body).not.toContain(`action="${path}/cancel"`);
  });

  it('stands in the list of all', async () => {
    const { location } = await start();

    const { body } = await page.get('/bulk-resends');

    expect(body).toContain(`href="${location?.split('?')[0]}"`);
    expect(body).toContain('relay mended');
  });

  it('that was started this moment is waited for; one that never was is not found', async () => {
    const path = `/bulk-resends/${'0'.repeat(32)}`;

    const started = await page.get(`${path}?started=yes`);
    const unknown = await page.get(path);

    expect([started.status, started.headers.get('Refresh')]).toEqual([200, '2']);
    expect(unknown.status).toBe(404);
  });
});
