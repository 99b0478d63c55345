import { gzipSync } from 'node:zlib';
import { ENDPOINTS } from '../../src/admin/api/endpoints';
import { AUTHORIZED, startAdminApi } from '../support/admin-api';
import { BULK_ID, EVENT_ID } from '../support/fake-operator';
import { ADMIN_TOKEN } from '../support/planted-values';
import { head, rawConnection } from '../support/raw-request';

const RESENDS = `/notifications/${EVENT_ID}/resends`;

let api: Awaited<ReturnType<typeof startAdminApi>>;
beforeEach(async () => (api = await startAdminApi()));
afterEach(() => api.close());

const ROUTES = ENDPOINTS.map(({ method, path }): [string, string] => [
  method.toUpperCase(),
  path.replace('/api/admin', '').replace('{event_id}', EVENT_ID).replace('{bulk_id}', BULK_ID),
]);

describe('every route of the admin API', () => {
  it.each(ROUTES)('answers 401 before any work without the token: %s %s', async (method, path) => {
    const { status, headers, body } = await api.ask(path, { method, headers: {} });

    expect([status, body]).toMatchObject([401, { code: 'token_missing' }]);
    expect(headers.get('WWW-Authenticate')).toMatch(/^Bearer/);
    expect(api.calls).toEqual([]);
  });

  it.each(ROUTES)('answers 405 with Allow to another method: %s %s', async (method, path) => {
    const other = await api.ask(path, { method: 'DELETE', headers: AUTHORIZED });

    expect([other.status, other.body]).toMatchObject([405, { code: 'method_not_allowed' }]);
    expect(other.headers.get('Allow')).toContain(method);
    expect(api.calls).toEqual([]);
  });
});

describe('the token', () => {
  it.each([
    ['another one of its length', ADMIN_TOKEN.replaceAll('t', 'x')],
    ['its beginning', ADMIN_TOKEN.slice(0, -1)],
    ['more than it', `${ADMIN_TOKEN}x`],
    ['very long', 'x'.repeat(8_000)],
  ])('is refused when it is %s', async (_what, token) => {
    const headers = { Authorization: `Bearer ${token}` };

    const { status, body } = await api.ask('/notifications', { headers });

    expect([status, body]).toMatchObject([401, { code: 'token_invalid' }]);
    expect(api.calls).toEqual([]);
    expect(api.log.text()).not.toContain(token.slice(0, 20));
  });

  it('is not taken from the query or a cookie', async () => {
    const cookie = await api.ask('/notifications', { headers: { Cookie: `token=${ADMIN_TOKEN}` } });
    const query = await api.ask(`/notifications?token=${ADMIN_TOKEN}`, { headers: {} });

    expect([cookie.status, query.status]).toEqual([401, 401]);
  });

  it('is checked before the body is read', async () => {
    const connection = await rawConnection(api.port);

    connection.send(head(`POST /api/admin${RESENDS}`, ['Content-Length: 60000']));

    expect(await connection.until(/\r\n\r\n.+$/s)).toMatch(/^HTTP\/1\.1 401 /);
    connection.close();
  });
});

describe('a body', () => {
  it('of more than 64 KiB is answered 413, also without a declared length', async () => {
    const large = JSON.stringify({ reason: 'x'.repeat(70_000) });
    const stream = new Blob([large]).stream();

    const declared = await api.post(RESENDS, large);
    const streamed = await api.ask(RESENDS, {
      ...{ method: 'POST', headers: AUTHORIZED, body: stream },
      duplex: 'half',
    } as RequestInit);

    expect([declared.status, streamed.status]).toEqual([413, 413]);
    expect(api.calls).toEqual([]);
  });

  it('that is compressed is answered 415', async () => {
    const { status, body } = await api.ask(RESENDS, {
      method: 'POST',
      headers: { ...AUTHORIZED, 'Content-Encoding': 'gzip', 'Content-Type': 'application/json' },
      body: new Uint8Array(gzipSync('{}')),
    });

    expect([status, body]).toMatchObject([415, { code: 'encoding_not_supported' }]);
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/jsonp'])(
    'of the type %s, which a form of another site can send, is answered 415',
    async (type) => {
      const { status, body } = await api.post(RESENDS, '{"reason":"x"}', { 'Content-Type': type });

      expect([status, body]).toMatchObject([415, { code: 'json_expected' }]);
      expect(api.calls).toEqual([]);
    },
  );
});

describe('HEAD and OPTIONS', () => {
  it('reveal nothing without the token', async () => {
    const headed = await api.ask('/notifications', { method: 'HEAD', headers: {} });
    const options = await api.ask('/notifications', { method: 'OPTIONS', headers: {} });

    expect([headed.status, headed.body]).toEqual([401, undefined]);
    expect(options.headers.get('Access-Control-Allow-Origin')).toBeNull();
    expect(api.calls).toEqual([]);
  });
});
