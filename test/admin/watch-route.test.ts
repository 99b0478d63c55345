import { randomUUID } from 'node:crypto';
import { createApp } from '../../src/http/app';
import { requireAdminToken } from '../../src/admin/require-admin-token';
import { createWatchRouter } from '../../src/admin/watch-route';
import { createRouter } from '../../src/http/router';
import { type HttpServer, listen } from '../../src/http/server';
import type { WatchedUpload } from '../../workflows/upload-watch/messages';
import { capturedLogger } from '../support/captured-logger';
import { ADMIN_TOKEN } from '../support/planted-values';
import { fetch } from '../support/recorded-fetch';

const TASK_ID = '550e8400-e29b-41d4-a716-446655440000';

const log = capturedLogger();
let watched: WatchedUpload[] = [];
let watch: (upload: WatchedUpload) => Promise<boolean>;
let server: HttpServer;

beforeAll(async () => {
  const uploadWatches = { watch: (upload: WatchedUpload) => watch(upload) };
  const { logger } = log;
  const router = createWatchRouter({ uploadWatches, adminToken: ADMIN_TOKEN, logger });
  server = await listen(createApp({ logger, routers: [router] }), 0);
});

beforeEach(() => {
  watched = [];
  watch = async (upload) => watched.push(upload) > 0;
});

afterAll(() => server.close());

async function ask(
  taskId: string,
  headers: Record<string, string> = { Authorization: `Bearer ${ADMIN_TOKEN}` },
  method = 'POST',
) {
  const url = `http://127.0.0.1:${server.port}/api/tasks/${taskId}/watch`;
  const response = await fetch(url, { method, headers });
  return { status: response.status, headers: response.headers, body: await response.json() };
}

describe('POST /api/tasks/{task_id}/watch', () => {
  it('answers 202 and watches the upload', async () => {
    const { status, body } = await ask(TASK_ID);

    expect([status, body]).toEqual([202, { task_id: TASK_ID, watched: true }]);
    expect(watched).toEqual([{ taskId: TASK_ID, ownCallback: true }]);
  });

  it('treats a task ID in capitals as the same task', async () => {
    const { body } = await ask(TASK_ID.toUpperCase());

    expect(body).toMatchObject({ task_id: TASK_ID });
  });

  it.each([
    ['with another scheme in capitals', { Authorization: `BEARER ${ADMIN_TOKEN}` }],
    ['with blanks around it', { authorization: `Bearer   ${ADMIN_TOKEN}  ` }],
  ])('accepts the token %s', async (_what, headers) => {
    const { status } = await ask(randomUUID(), headers);

    expect(status).toBe(202);
  });

  it.each<[string, Record<string, string>, string]>([
    ['none', {}, 'token_missing'],
    ['an empty one', { Authorization: 'Bearer ' }, 'token_missing'],
    ['one of another scheme', { Authorization: `Basic ${ADMIN_TOKEN}` }, 'token_missing'],
    ['another one', { Authorization: 'Bearer another-token-of-32-letters-yes' }, 'token_invalid'],
    [
      'the beginning of it',
      { Authorization: `Bearer ${ADMIN_TOKEN.slice(0, -1)}` },
      'token_invalid',
    ],
    ['more than it', { Authorization: `Bearer ${ADMIN_TOKEN}x` }, 'token_invalid'],
    ['a long one', { Authorization: `Bearer ${'x'.repeat(8_000)}` }, 'token_invalid'],
    ['one beyond ASCII', { Authorization: 'Bearer tökén-of-mäny-letters' }, 'token_invalid'],
    ['it in a cookie', { Cookie: `token=${ADMIN_TOKEN}` }, 'token_missing'],
  ])('answers 401 when the token is %s', async (_what, given, code) => {
    const { status, headers, body } = await ask(TASK_ID, given);

    expect([status, body]).toMatchObject([401, { code }]);
    expect(headers.get('WWW-Authenticate')).toMatch(/^Bearer/);
    expect(watched).toEqual([]);
  });

  it('does not reveal the task without the token', async () => {
    const { status } = await ask('no-uuid', {});

    expect(status).toBe(401);
  });

  it.each(['no-uuid', `${TASK_ID}x`, '..%2fcredits', '%00', `${TASK_ID}%0a%0ax`])(
    'answers 400 when the task ID is not a UUID: %s',
    async (taskId) => {
      const { status, body } = await ask(taskId);

      expect([status, body]).toMatchObject([400, { code: 'invalid_task_id' }]);
      expect(watched).toEqual([]);
    },
  );

  it('answers 503 when Temporal is unavailable', async () => {
    watch = () => Promise.reject(new Error('no route to host'));

    const { status, headers, body } = await ask(TASK_ID);

    expect([status, body]).toMatchObject([503, { code: 'unavailable' }]);
    expect(headers.get('Retry-After')).toBe('5');
  });

  it('answers 405 to another method', async () => {
    const { status } = await ask(TASK_ID, undefined, 'GET');

    expect(status).toBe(405);
  });

  it('answers 429 after ten different wrong tokens, with one line in the log', async () => {
    const { logger, events } = capturedLogger();
    let time = Date.parse('2026-03-02T12:00:00Z');
    const router = createRouter().post(
      '/',
      requireAdminToken(ADMIN_TOKEN, logger, () => new Date(time)),
      (ctx) => void (ctx.status = 202),
    );
    const own = await listen(createApp({ logger, routers: [router] }), 0);
    const statusOf = async (token: string) => {
      const headers = { Authorization: `Bearer ${token}` };
      const answer = await fetch(`http://127.0.0.1:${own.port}/`, { method: 'POST', headers });
      return [answer.status, answer.headers.get('Retry-After')];
    };

    for (let i = 0; i < 20; i += 1) await statusOf('an-outdated-token');
    const still = await statusOf(ADMIN_TOKEN);
    for (let i = 0; i < 9; i += 1) await statusOf(`guess-${i}`);
    const limited = [await statusOf('guess-9'), await statusOf(ADMIN_TOKEN)];
    time += 5 * 60 * 1_000;
    const later = await statusOf(ADMIN_TOKEN);
    await own.close();

    expect([still, later]).toEqual(Array(2).fill([202, null]));
    expect(limited).toEqual(Array(2).fill([429, '300']));
    expect(events()).toEqual(['http.admin_token_invalid']);
  });

  it('never logs a token', async () => {
    await ask(TASK_ID);
    await ask(TASK_ID, { Authorization: 'Bearer hunter2-hunter2-hunter2' });

    expect(log.text()).not.toMatch(/hunter2|operators-token/);
    expect(log.events()).toContain('http.admin_token_invalid');
  });
});
