import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { createMemoryOperator } from '../../support/memory-operator';
import { eventually } from '../../support/eventually';
import { httpServerOf } from '../../support/http-server-of';
import { type AdminPage, startAdminPage } from '../../support/admin-page';
import { ADMIN_TOKEN } from '../../support/planted-values';
import { head, rawConnection } from '../../support/raw-request';

let page: AdminPage;
let time = Date.parse('2026-03-02T12:00:00Z');

beforeEach(async () => {
  const { deps } = createMemoryOperator();
  page = await startAdminPage({ ...deps, now: () => new Date(time) });
});

afterEach(() => page.close());

describe('the page without a session', () => {
  it.each(['/', '/search?q=x', '/bulk-resends', '/notifications/x/completed', '/previews'])(
    'leads from %s to the login, and knows the way back',
    async (path) => {
      const { status, body, headers } = await page.get(path);

      expect(status).toBe(401);
      expect(headers.get('Refresh')).toBe(`0; url=/login?next=${encodeURIComponent(path)}`);
      expect(body).toContain('Continue to the login');
    },
  );

  it('shows the login, and nothing else of the service', async () => {
    const { status, body } = await page.get('/login');

    expect(status).toBe(200);
    expect(body).toContain('Admin token');
    expect(body).not.toContain('Bulk resends');
  });
});

describe('the login', () => {
  it('opens a session by a cookie that no script and no other site can use', async () => {
    const { status, location, cookie } = await page.logIn();

    expect([status, location]).toEqual([303, '/']);
    expect(cookie).toMatch(
      /^bulk-notify-session=[\w.-]+; Path=\/; HttpOnly; SameSite=Strict; Max-Age=36000$/,
    );
    expect(cookie).not.toContain(ADMIN_TOKEN);
    expect((await page.get('/')).status).toBe(200);
  });

  it('binds the cookie to the host behind a proxy with TLS', async () => {
    const origin = page.base.replace('http:', 'https:');

    const { cookie } = await page.logIn({ Origin: origin });

    expect(cookie).toMatch(/^__Host-bulk-notify-session=\S+; Path=\/; [^,]*; Secure, /);
    expect(cookie).toMatch(/, bulk-notify-session=; [^,]*; Max-Age=0; Secure$/);
    expect((await page.get('/')).status).toBe(200);
  });

  it('refuses another token, and says so', async () => {
    const { status, body, cookie } = await page.post('/login', { token: 'hunter2-hunter2' });

    expect([status, cookie]).toEqual([403, null]);
    expect(body).toContain('That is not the admin token.');
    expect(page.log.events()).toContain('admin.login_refused');
    expect(page.log.text()).not.toContain('hunter2');
  });

  it('accepts ten wrong tokens in five minutes at most, and does not log each one', async () => {
    for (let i = 0; i < 10; i += 1) await page.post('/login', { token: `guess-${i}` });
    for (let i = 0; i < 5; i += 1) await page.post('/login', { token: 'guess-0' });

    const limited = await page.post('/login', { token: ADMIN_TOKEN });
    time += 5 * 60 * 1_000;
    const later = await page.post('/login', { token: ADMIN_TOKEN });

    expect([limited.status, limited.headers.get('Retry-After')]).toEqual([429, '300']);
    expect(page.log.lines()).toMatchObject([
      { event: 'admin.login_refused', count: 1 },
      { event: 'admin.login_limited', count: 1 },
      { event: 'admin.logged_in' },
    ]);
    expect(later.status).toBe(303);
  });

  it('leads back to where the link went, also from a ticket or a chat', async () => {
    const next = '/notifications/550e8400-e29b-41d4-a716-446655440000/completed';

    const { location } = await page.post('/login', { token: ADMIN_TOKEN, next });
    await page.logIn();
    const asked = await page.get(`/login?next=${encodeURIComponent(next)}`);

    expect(location).toBe(next);
    expect([asked.status, asked.location]).toEqual([303, next]);
  });

  it.each([
    '//evil.example',
    '/\\evil.example',
    'https://evil.example/',
    '/x/..//evil.example',
    '',
  ])('does not lead to %s', async (next) => {
    const { location } = await page.post('/login', { token: ADMIN_TOKEN, next });

    expect(location).toBe('/');
  });
});

describe('a session', () => {
  it('ends after ten hours', async () => {
    await page.logIn();

    time += 10 * 60 * 60 * 1_000;

    expect((await page.get('/')).status).toBe(401);
  });

  it('ends with the logout', async () => {
    await page.logIn();

    const { status, location, cookie } = await page.submit('/', '/logout');

    expect([status, location]).toEqual([303, '/login']);
    expect(cookie).toMatch(/^bulk-notify-session=; [^,]*Max-Age=0, /);
    expect(cookie).toMatch(/, __Host-bulk-notify-session=; [^,]*Max-Age=0; Secure$/);
  });

  it.each([
    ['a later end', (value: string) => value.replace(/\.(\d+)\./, (_all, end) => `.${end}0.`)],
    ['another signature', (value: string) => `${value.slice(0, -2)}xx`],
    ['no signature', (value: string) => value.replace(/\.[^.]+$/, '')],
    ['the token', () => ADMIN_TOKEN],
  ])('is not opened by a cookie with %s', async (_what, forge) => {
    const { cookie } = await page.logIn();
    const [, value = ''] = /=([^;]*)/.exec(cookie ?? '') ?? [];

    const { status } = await page.get('/', { cookie: `bulk-notify-session=${forge(value)}` });

    expect(status).toBe(401);
  });
});

describe('a form', () => {
  it.each<[string, Record<string, string>]>([
    ['another site', { 'Sec-Fetch-Site': 'cross-site' }],
    ['a sibling of the host', { 'Sec-Fetch-Site': 'same-site' }],
    ['the address bar', { 'Sec-Fetch-Site': 'none' }],
    ['another origin over plain HTTP', { Origin: 'http://evil.example' }],
    ['no origin that is told', { Origin: 'null' }],
    ['no browser', {}],
  ])('is refused from %s', async (_what, headers) => {
    const { status, cookie } = await page.post('/login', { token: ADMIN_TOKEN }, headers);

    expect([status, cookie]).toEqual([403, null]);
  });

  it('is taken over plain HTTP by its origin', async () => {
    const { status } = await page.post('/login', { token: ADMIN_TOKEN }, { Origin: page.base });

    expect(status).toBe(303);
  });

  it('needs the token of its session', async () => {
    await page.logIn();

    const without = await page.post('/logout', {});
    const withAnother = await page.post('/logout', { form_token: 'x'.repeat(43) });

    expect([without.status, withAnother.status]).toEqual([403, 403]);
    expect(without.body).toContain('The form is from an earlier login');
  });

  it('is read up to a limit', async () => {
    const { status } = await page.post('/login', { token: 'x'.repeat(70_000) });

    expect(status).toBe(413);
  });
});

describe('a request', () => {
  it('with a Host header that makes no URL fails nowhere', async () => {
    const connection = await rawConnection(page.port);
    connection.send('GET /login?next=%2F HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n');

    expect(await connection.ended()).toMatch(/^HTTP\/1\.1 200 /);
    expect(page.log.events()).toEqual([]);
  });

  it('whose client leaves is no failure of the service', async () => {
    const arriving = once(await httpServerOf(page.port), 'request');
    const connection = await rawConnection(page.port);
    connection.send(
      head('POST /login', [
        'Sec-Fetch-Site: same-origin',
        'Content-Type: application/x-www-form-urlencoded',
        'Content-Length: 10',
      ]),
    );
    const [request] = (await arriving) as [IncomingMessage];

    connection.close();
    await eventually(() => request.closed);

    expect(page.log.events()).toEqual([]);
  });
});

describe('every answer', () => {
  it.each(['/login', '/'])(
    'of %s allows nothing foreign and nothing inline, and is kept nowhere',
    async (path) => {
      const { headers, body } = await page.get(path);

      expect(headers.get('Content-Security-Policy')).toBe(
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
      );
      expect(Object.fromEntries(headers)).toMatchObject({
        'cache-control': 'no-store',
        'referrer-policy': 'same-origin',
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
      });
      expect(body).not.toMatch(/<script|<style|\sstyle=|\son\w+=|https?:/i);
    },
  );

  it('serves its style sheet by a name that changes with it', async () => {
    const { body } = await page.get('/login');
    const [, path = ''] = /<link rel="stylesheet" href="([^"]+)"/.exec(body) ?? [];

    const { status, headers } = await page.get(path);

    expect(path).toMatch(/^\/page\.css\?v=[\w-]{12}$/);
    expect(status).toBe(200);
    expect(headers.get('Content-Type')).toMatch(/^text\/css/);
    expect(headers.get('Cache-Control')).toContain('immutable');
  });
});
