import { ENDPOINTS } from '../../src/admin/api/endpoints';
import { notificationShown } from '../../src/admin/api/notification-shapes';
import { ResendUnconfirmed } from '../../src/operator/request-resend';
import { startAdminApi } from '../support/admin-api';
import { BULK_ID, DETAIL, EVENT_ID, RECIPIENT, ROW } from '../support/fake-operator';
import { leftAlone } from '../support/memory-bulks';
import { revealing } from '../support/record';

const UNKNOWN = EVENT_ID.replace('completed', 'failed');
const OUTAGE = 'Temporal could not be asked: no route to host';
const ON_DEMAND = 'the request asks for addresses';
const OTHER_BULK = BULK_ID.replaceAll('0', '1');

let api: Awaited<ReturnType<typeof startAdminApi>>;
beforeEach(async () => (api = await startAdminApi()));
afterEach(() => api.close());

/** A request of each operation that is answered with success. */
const REQUESTS: Record<string, [path: string, body?: unknown]> = {
  search: [`/search?q=${EVENT_ID}`],
  searchByBody: ['/search', { query: EVENT_ID }],
  listNotifications: ['/notifications?state=sent&limit=7'],
  showNotification: [`/notifications/${EVENT_ID}`],
  countNotifications: ['/counts?user=user-1'],
  countDays: ['/days'],
  requestResend: [`/notifications/${EVENT_ID}/resends`, { request_id: 'r2', unless_sent: true }],
  previewMail: ['/mail-preview?outcome=failed&file_name=a.csv&email_count=3'],
  previewNotificationMail: [`/notifications/${EVENT_ID}/mail-preview`],
  previewBulkResend: ['/bulk-resend-preview', { filter: { state: 'parked' } }],
  startBulkResend: ['/bulk-resends', { filter: { state: 'parked' }, request_id: 'r3' }],
  listBulkResends: ['/bulk-resends'],
  showBulkResend: [`/bulk-resends/${BULK_ID}`],
  listBulkResendItems: [`/bulk-resends/${BULK_ID}/items?result=requested`],
  cancelBulkResend: [`/bulk-resends/${BULK_ID}/cancel`, {}],
};

describe('every operation', () => {
  it.each(ENDPOINTS.map((endpoint) => [endpoint.operationId, endpoint] as const))(
    '%s answers what its schema says, and nothing else',
    async (operationId, { status, answer }) => {
      const [path, body] = REQUESTS[operationId]!;

      const response = await (body === undefined ? api.ask(path) : api.post(path, body));

      expect(response.status).toBe(status);
      expect(answer.parse(response.body)).toEqual(response.body);
      expect(response.headers.get('Cache-Control')).toBe('no-store');
    },
  );

  it.each(Object.values(REQUESTS).map(([path, body]) => ({ path, body })))(
    'answers 503 with Retry-After when the database or Temporal does not answer: $path',
    async ({ path, body }) => {
      api.outage.error = new Error('connect ECONNREFUSED, password hunter2');

      const response = await (body === undefined ? api.ask(path) : api.post(path, body));

      expect([response.status, response.body]).toEqual([
        503,
        { detail: 'Temporarily unavailable', code: 'unavailable' },
      ]);
      expect(response.headers.get('Retry-After')).toBe('5');
    },
  );
});

describe('GET /api/admin/notifications', () => {
  it('passes on every filter, the cursor and the limit', async () => {
    const cursor = '1772352000000000.550e8400-e29b-41d4-a716-446655440000.completed';
    const fields = new URLSearchParams({
      ...{ state: 'parked', reason: 'refused', outcome: 'failed', user: 'u', file: '%_"<' },
      ...{ from: '2026-03-01', to: '2026-03-02T08:00:00Z', cursor, limit: '200' },
    });

    await api.ask(`/notifications?${fields.toString()}`);

    expect(api.calls).toEqual([
      [
        'list',
        {
          ...{ state: 'parked', reason: 'refused', outcome: 'failed', userId: 'u' },
          ...{ fileName: '%_"<', createdFrom: '2026-03-01T00:00:00.000Z' },
          createdTo: '2026-03-02T08:00:00.000Z',
        },
        { cursor, limit: 200 },
      ],
    ]);
  });

  it('shows 50 notifications as the ledger has them', async () => {
    const { body } = await api.ask('/notifications');

    expect(api.calls).toEqual([['list', {}, { cursor: undefined, limit: 50 }]]);
    expect(body).toMatchObject({
      notifications: [{ event_id: EVENT_ID, file_name: ROW.fileName, sent_count: 1 }],
      next_cursor: '1.x',
    });
  });

  it.each([
    'state=lost',
    'state=',
    'state=sent&state=parked',
    'reason=sent',
    'user=%00',
    'user=a%20b',
    `user=${'x'.repeat(65)}`,
    'file=a%00b',
    `file=${'x'.repeat(256)}`,
    'from=yesterday',
    'from=2026-02-30',
    'to=99999999d',
    'cursor=1',
    'limit=0',
    'limit=201',
    'limit=1e2',
    'limit=-1',
    'limit=%20',
    'order=created_at',
    '__proto__=1',
    'state[$ne]=sent',
  ])('answers 400 to %s, asks nothing and does not repeat the value', async (query) => {
    const { status, body } = await api.ask(`/notifications?${query}`);

    expect([status, body]).toMatchObject([400, { code: 'invalid_request' }]);
    expect(String(body?.detail)).toMatch(/^query/);
    expect(String(body?.detail)).not.toMatch(/lost|yesterday|proto|ne\]/);
    expect(api.calls).toEqual([]);
  });
});

describe('addresses', () => {
  it.each([`/search?q=${EVENT_ID}`, `/notifications/${EVENT_ID}`, `/bulk-resends/${BULK_ID}`])(
    'are masked, and shown on demand: %s',
    async (path) => {
      const masked = await api.ask(path);
      const demand = `${path}${path.includes('?') ? '&' : '?'}reveal=true`;
      const revealed = await revealing(ON_DEMAND, () => api.ask(demand));

      expect(JSON.stringify(masked.body)).not.toContain(RECIPIENT);
      expect(JSON.stringify(masked.body)).toContain('j…@customer.example');
      expect(JSON.stringify(revealed.body)).toContain(RECIPIENT);
      expect(api.log.lines()).toMatchObject([{ event: 'admin.requested', revealed: true }]);
    },
  );

  it.each([RECIPIENT, encodeURIComponent(RECIPIENT)])(
    'are refused within a URL, which logs of proxies keep: %s',
    async (q) => {
      const { status, body } = await api.ask(`/search?q=${q}`);

      expect([status, body]).toMatchObject([400, { code: 'invalid_request' }]);
      expect(body?.detail).toMatch(/^query\.q: .* POST \/api\/admin\/search$/);
      expect(api.calls).toEqual([]);
    },
  );

  it('are searched for in a body, and shown on demand', async () => {
    api.operator.search.show = () =>
      Promise.resolve({ found: 'notification', notification: DETAIL });

    const masked = await api.post('/search', { query: RECIPIENT });
    const demand = { query: RECIPIENT, reveal: true };
    const revealed = await revealing(ON_DEMAND, () => api.post('/search', demand));

    expect(JSON.stringify(masked.body)).not.toContain(RECIPIENT);
    expect(JSON.stringify(revealed.body)).toContain(RECIPIENT);
    expect(api.log.lines()).toMatchObject([{ revealed: false }, { revealed: true }]);
  });

  it('are masked in lists and samples too, where they are the ID of a user', async () => {
    const row = { ...ROW, userId: RECIPIENT };
    api.operator.search.list = () => Promise.resolve({ notifications: [row] });
    api.operator.bulks.preview = () =>
      Promise.resolve({ count: 1, isCapped: false, leftAlone: leftAlone(0), sample: [row] });

    const listed = await api.ask('/notifications');
    const revealed = await revealing(ON_DEMAND, () => api.ask('/notifications?reveal=true'));
    const preview = await api.post('/bulk-resend-preview', { filter: { state: 'parked' } });

    expect(listed.body).toMatchObject({ notifications: [{ user_id: 'j…@customer.example' }] });
    expect(revealed.body).toMatchObject({ notifications: [{ user_id: RECIPIENT }] });
    expect(preview.body).toMatchObject({ sample: [{ user_id: 'j…@customer.example' }] });
  });

  it('are never logged, nor is the token', async () => {
    await revealing(ON_DEMAND, () => api.post('/search', { query: RECIPIENT, reveal: true }));
    api.outage.error = new Error(`no answer about ${RECIPIENT}`);
    await api.post('/search', { query: RECIPIENT });

    expect(api.log.events()).toEqual(['admin.requested', 'http.failed']);
    expect(api.log.text()).not.toMatch(/jane|operators-token/);
  });
});

describe('what is not known', () => {
  it.each([
    [`/notifications/${UNKNOWN}`, 'notification_not_found'],
    [`/notifications/${UNKNOWN}/mail-preview`, 'preview_not_possible'],
    [`/bulk-resends/${OTHER_BULK}`, 'bulk_not_found'],
  ])('is answered 404: %s', async (path, code) => {
    const { status, body } = await api.ask(path);

    expect([status, body]).toMatchObject([404, { code }]);
  });

  it('is answered 503 while it cannot be told, since a part did not answer', async () => {
    api.operator.search.show = () =>
      Promise.resolve({ found: 'nothing', sentence: 'Nothing.', watches: [], missing: [OUTAGE] });

    const { status, headers, body } = await api.ask(`/notifications/${EVENT_ID}`);

    expect([status, body]).toMatchObject([503, { code: 'unavailable' }]);
    expect(headers.get('Retry-After')).toBe('5');
  });

  it('is named where the rest is shown', async () => {
    api.operator.search.show = () =>
      Promise.resolve({ found: 'notification', notification: DETAIL, missing: [OUTAGE] });

    const { status, body } = await api.ask(`/notifications/${EVENT_ID}`);

    expect([status, body]).toMatchObject([200, { event_id: EVENT_ID, missing: [OUTAGE] }]);
    expect(notificationShown.parse(body)).toEqual(body);
  });

  it('is found as nothing by a search', async () => {
    const { status, body } = await api.post('/search', { query: 'nobody@customer.example' });

    expect([status, body]).toMatchObject([200, { found: 'nothing', watches: [] }]);
  });

  it('is no preview without the templates', async () => {
    delete api.operator.previews;

    const { status, body } = await api.ask(`/notifications/${EVENT_ID}/mail-preview`);

    expect([status, body]).toMatchObject([404, { code: 'preview_not_configured' }]);
  });
});

describe('POST /api/admin/notifications/{event_id}/resends', () => {
  it('requests the email and answers 202 with the request ID', async () => {
    const request = { request_id: 't-1', requested_by: 'Jané', reason: 'lost', unless_sent: true };

    const { status, body } = await api.post(`/notifications/${EVENT_ID}/resends`, request);

    expect([status, body]).toEqual([202, { event_id: EVENT_ID, request_id: 't-1' }]);
    expect(api.calls).toEqual([
      [
        ...['request', EVENT_ID],
        { requestId: 't-1', requestedBy: 'Jané', reason: 'lost', unlessSent: true },
      ],
    ]);
    expect(api.log.lines()).toMatchObject([{ event: 'admin.requested', revealed: false }]);
  });

  it('names the request ID in a 503 when the request may have been taken', async () => {
    api.outage.error = new ResendUnconfirmed('made-here', new Error('4 DEADLINE_EXCEEDED'));

    const { status, headers, body } = await api.post(`/notifications/${EVENT_ID}/resends`);

    expect([status, headers.get('Retry-After')]).toEqual([503, '5']);
    expect(body).toEqual({
      detail:
        'Temporal did not confirm request made-here, which may have been taken. ' +
        'Repeat it with this request_id: it stays the same request.',
      ...{ code: 'unavailable', request_id: 'made-here' },
    });
  });

  it('takes an empty body for a request without fields', async () => {
    const { status, body } = await api.post(`/notifications/${EVENT_ID}/resends`);

    expect([status, body]).toEqual([202, { event_id: EVENT_ID, request_id: 'new' }]);
  });

  it.each<[string, unknown]>([
    ['no object', [1]],
    ['null', null],
    ['an unknown field', { requestId: 'x' }],
    ['a request ID with a blank', { request_id: 'a b' }],
    ['a request ID of 65 characters', { request_id: 'x'.repeat(65) }],
    ['a name with a line break', { requested_by: 'a\nb' }],
    ['an escape sequence as a reason', { reason: '\u001b[2J' }],
    ['an empty reason', { reason: '' }],
    ['a reason that is too long', { reason: 'x'.repeat(1_025) }],
    ['a text for unless_sent', { unless_sent: 'true' }],
    ['a polluted prototype', '{"__proto__":{"unless_sent":true}}'],
    ['broken JSON', '{"reason":'],
  ])('answers 400 to %s', async (_what, body) => {
    const answer = await api.post(`/notifications/${EVENT_ID}/resends`, body);

    expect([answer.status, answer.body]).toMatchObject([400, { code: 'invalid_request' }]);
    expect(api.calls).toEqual([]);
  });

  it.each(['no-id', `${EVENT_ID}x`, `${EVENT_ID}%0a`, '..%2f..%2fmetrics', '%00'])(
    'answers 400 when the event ID is %s',
    async (eventId) => {
      const { status } = await api.post(`/notifications/${eventId}/resends`, {});

      expect(status).toBe(400);
      expect(api.calls).toEqual([]);
    },
  );
});

describe('bulk resends', () => {
  it('start with the filter, the rate and who asks, and answer 202', async () => {
    const order = {
      ...{ filter: { state: 'parked', reason: 'refused', from: '24h' }, request_id: 't-2' },
      ...{ requested_by: 'jane', reason: 'mended', include_sent: true, rate_per_second: 0.5 },
    };

    const { status, body } = await api.post('/bulk-resends', order);

    expect([status, body]).toEqual([202, { bulk_id: BULK_ID, is_new: true }]);
    expect(api.calls).toMatchObject([
      [
        'start',
        {
          filter: { state: 'parked', reason: 'refused', createdFrom: expect.any(String) as string },
          ages: { createdFrom: '24h' },
          ...{ requestId: 't-2', requestedBy: 'jane', reason: 'mended' },
          ...{ includeSent: true, ratePerSecond: 0.5 },
        },
      ],
    ]);
  });

  it.each<[string, unknown]>([
    ['no filter', { request_id: 'r' }],
    ['an empty filter', { filter: {}, request_id: 'r' }],
    ['an unknown filter', { filter: { sate: 'parked' }, request_id: 'r' }],
    ['no request ID', { filter: { state: 'parked' } }],
    ['a rate of 0', { filter: { state: 'parked' }, request_id: 'r', rate_per_second: 0 }],
    ['a rate of 1e-300', { filter: { state: 'parked' }, request_id: 'r', rate_per_second: 1e-300 }],
    ['half a character', { filter: { file: '\ud83d' }, request_id: 'r' }],
    ['the year 0', { filter: { from: '0000-01-01' }, request_id: 'r' }],
    ['a rate of 51', { filter: { state: 'parked' }, request_id: 'r', rate_per_second: 51 }],
  ])('are refused with 400 for %s', async (_what, order) => {
    const { status } = await api.post('/bulk-resends', order);

    expect(status).toBe(400);
    expect(api.calls).toEqual([]);
  });

  it('are refused with 409 when they name what was sent without including it', async () => {
    const order = { filter: { state: 'sent' }, request_id: 'r' };

    const { status, body } = await api.post('/bulk-resends', order);

    expect([status, body]).toMatchObject([409, { code: 'bulk_refused' }]);
    expect(api.calls).toEqual([]);
  });

  it('are refused with 409 when the request ID is that of another selection', async () => {
    const refusal = 'Request ID r belongs to a bulk resend that selects otherwise (state).';
    api.operator.bulks.start = () => Promise.resolve({ bulkId: BULK_ID, isNew: false, refusal });

    const order = { filter: { state: 'waiting' }, request_id: 'r' };
    const { status, body } = await api.post('/bulk-resends', order);

    expect([status, body]).toEqual([409, { code: 'request_id_taken', detail: refusal }]);
  });
});
