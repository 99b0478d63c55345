import Router from '@koa/router';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { listenHttp, type Listener } from '../../tools/sandbox/network/listen-http';
import { createSupabaseAuth } from '../../src/clients/supabase/auth';
import { createApp } from '../../src/http/app';
import { type BearerAuthConfig, createBearerAuth } from '../../src/auth/bearer-auth';
import { type HttpServer, listen } from '../../src/http/server';
import { capturedLogger } from '../support/captured-logger';
import { revealing } from '../support/record';
import { fetch } from '../support/recorded-fetch';

const SECRET = 'the secret of the project, 32 bytes or more';
const USER_ID = '1b671a64-40d5-491e-99b0-da01ff1f3341';
const ANON_KEY = 'sb_publishable_0123456789';
const ISSUER = 'https://project.supabase.co/auth/v1';
const CONFIRMED = { id: USER_ID, email: 'j@x.example', email_confirmed_at: '2026-01-01T00:00:00Z' };
const UNCONFIRMED = { ...CONFIRMED, email_confirmed_at: undefined };
/** The times of `createSupabaseAuth`. */
const TIMEOUT_MS = 5_000;
const PAUSE_MS = 5_000;
const REFUSED_MAX_AGE_MS = 15_000;
const UNKNOWN_KEY_PAUSE_MS = 30_000;

type Answer = (response: ServerResponse, request: IncomingMessage) => void;
const json =
  (body: unknown, status = 200): Answer =>
  (response) =>
    void response.writeHead(status).end(JSON.stringify(body));
/** The time limit of the request is over as soon as it has come. */
const silence: Answer = () => limit.runOut();
/** The time limit is over shortly after the head of the answer was sent. */
const unended: Answer = (response) =>
  void response.writeHead(200).write('{', () => setTimeout(limit.runOut, 20));

let server: HttpServer;
let project: Listener;
let log: ReturnType<typeof capturedLogger>;
let key: Awaited<ReturnType<typeof generateKeyPair>>;
let stranger: typeof key;
/** What the project answers, and what it was asked. */
let answers: { keys: Answer; user: Answer };
let asked: IncomingMessage[];
let published: object;
/** The clock of the service, which only the test moves. */
let nowMs: number;
/** The time limit of the last request to the project, which is over when the test says so. */
let limit: { ms: number; runOut: () => void };

beforeAll(async () => {
  [key, stranger] = [await generateKeyPair('ES256'), await generateKeyPair('ES256')];
  published = { keys: [{ ...(await exportJWK(key.publicKey)), kid: 'k', alg: 'ES256' }] };
});

beforeEach(async () => {
  answers = { keys: json(published), user: json(CONFIRMED) };
  asked = [];
  nowMs = 0;
  project = await listenHttp((request, response) => {
    asked.push(request);
    (request.url === '/auth/v1/user' ? answers.user : answers.keys)(response, request);
  });
});

afterEach(async () => {
  await server.close();
  await project.close();
});

/** A route that tells who asks, before that project. */
async function start(config: BearerAuthConfig = {}): Promise<void> {
  const url = `http://127.0.0.1:${project.port}`;
  const supabase = createSupabaseAuth({
    url,
    anonKey: ANON_KEY,
    now: () => nowMs,
    timeoutSignal(ms) {
      const controller = new AbortController();
      limit = { ms, runOut: () => controller.abort() };
      return controller.signal;
    },
  });
  const authenticate = createBearerAuth({ ...supabase, ...config });
  const router = new Router().get('/', async (ctx) => {
    ctx.body = await authenticate(ctx);
  });
  log = capturedLogger();
  server = await listen(createApp({ logger: log.logger, routers: [router] }), 0);
}

async function ask(token: string) {
  const headers = { Authorization: `Bearer ${token}` };
  const response = await revealing("the test's own route tells what it was given", () =>
    fetch(`http://127.0.0.1:${server.port}/`, { headers }),
  );
  return { status: response.status, body: (await response.json()) as { code?: string } };
}

const askedFor = (path: string) => asked.filter(({ url }) => url === `/auth/v1${path}`);
const KEYS = '/.well-known/jwks.json';

type Claims = JWTPayload & Record<string, unknown>;
const claimsOf = (change: Claims): Claims => ({
  iss: ISSUER,
  sub: USER_ID,
  aud: 'authenticated',
  role: 'authenticated',
  exp: Math.floor(Date.now() / 1_000) + 3_600,
  ...change,
});
const signed = (change: Claims = {}, kid = 'k', by = key) =>
  new SignJWT(claimsOf(change)).setProtectedHeader({ alg: 'ES256', kid }).sign(by.privateKey);
const signedBySecret = (change: Claims = {}) =>
  new SignJWT(claimsOf(change)).setProtectedHeader({ alg: 'HS256' }).sign(Buffer.from(SECRET));

describe('the token of an upload', () => {
  it.each<[string, Claims]>([
    ['of another issuer', { iss: 'https://other.supabase.co/auth/v1' }],
    ['of no issuer', { iss: undefined }],
    ['for another audience', { aud: 'anon' }],
    ['of the role anon', { role: 'anon' }],
    ['of the role service_role', { role: 'service_role' }],
    ['of no role', { role: undefined }],
    ['of no user', { sub: undefined }],
    ['of a user whose ID is no UUID', { sub: 'jane' }],
    ['of a user in another claim', { sub: undefined, user_id: USER_ID }],
    ['that never expires', { exp: undefined }],
    ['like an API key', { iss: 'supabase', role: 'anon', sub: undefined, aud: undefined }],
  ])('answers 401 to one %s', async (_what, change) => {
    await start({ issuer: ISSUER, jwtSecret: SECRET });

    const statuses = [await ask(await signed(change)), await ask(await signedBySecret(change))];

    expect(statuses).toMatchObject(Array(2).fill({ status: 401, body: { code: 'token_invalid' } }));
    expect(askedFor('/user')).toEqual([]);
  });

  it('answers 401 to HS256 without a secret, and to ES256 without a project', async () => {
    await start();
    const bySecret = await ask(await signedBySecret());
    await server.close();
    await start({ publishedKey: undefined, confirmationOf: undefined, jwtSecret: SECRET });

    const byKey = await ask(await signed());

    expect([bySecret.status, byKey.status]).toEqual([401, 401]);
  });

  describe('of a user', () => {
    it('answers 200 when Supabase confirms the address, and asks once per token', async () => {
      await start();
      const token = await signed();

      const statuses = await Promise.all(Array.from({ length: 10 }, () => ask(token)));

      expect(statuses).toMatchObject(Array(10).fill({ status: 200, body: { userId: USER_ID } }));
      expect(askedFor('/user')).toHaveLength(1);
      expect(askedFor('/user')[0]?.headers).toMatchObject({
        authorization: `Bearer ${token}`,
        apikey: ANON_KEY,
      });
    });

    it.each<[string, object, Claims]>([
      ['is not confirmed', UNCONFIRMED, {}],
      ['is confirmed by blanks', { ...CONFIRMED, email_confirmed_at: ' ' }, {}],
      ['is a confirmed telephone', { ...UNCONFIRMED, confirmed_at: '2026-01-01T00:00:00Z' }, {}],
      ['is none', { ...CONFIRMED, email: '' }, {}],
      [
        'is confirmed only by what users write themselves',
        { ...UNCONFIRMED, user_metadata: { email_verified: true, email_confirmed_at: 'now' } },
        { user_metadata: { email_verified: true }, email_verified: true },
      ],
      ['is that of an anonymous sign-in', CONFIRMED, { is_anonymous: true }],
    ])('answers 403 when the address %s', async (_what, user, change) => {
      answers.user = json(user);
      await start();

      const answer = await ask(await signed(change));

      expect(answer).toMatchObject({ status: 403, body: { code: 'email_not_confirmed' } });
    });

    it('answers 200 soon after the address was confirmed', async () => {
      answers.user = json(UNCONFIRMED);
      await start();
      const token = await signed();
      const before = await ask(token);
      answers.user = json(CONFIRMED);

      nowMs += REFUSED_MAX_AGE_MS - 1;
      const meanwhile = await ask(token);
      nowMs += 1;
      const after = await ask(token);

      expect([before.status, meanwhile.status, after.status]).toEqual([403, 403, 200]);
    });

    it.each<[string, Answer]>([
      ['has signed out', json({ code: 403, error_code: 'session_not_found', msg: 'gone' }, 403)],
      ['is gone', json({ code: 404, msg: 'User not found' }, 404)],
      ['has a token of an older key', json({ code: 401, msg: 'invalid JWT' }, 401)],
    ])('answers 401 when the user %s', async (_what, answer) => {
      answers.user = answer;
      await start();

      const { status, body } = await ask(await signed());

      expect({ status, body }).toMatchObject({ status: 401, body: { code: 'token_invalid' } });
    });

    it.each<[string, Answer]>([
      ['fails', json({ msg: 'Database error' }, 500)],
      ['limits', json({ error_code: 'over_request_rate_limit', msg: 'slow' }, 429)],
      ['answers for another user', json({ ...CONFIRMED, id: USER_ID.replace('1', '2') })],
      ['answers no JSON', (response) => void response.end('<html>')],
      ['hangs up', (response) => void response.destroy()],
      [
        'sends elsewhere',
        (response) => void response.writeHead(302, { Location: '/auth/v1/x' }).end(),
      ],
      ['says nothing', silence],
      ['never ends its answer', unended],
    ])('answers 503 when Supabase %s, and pauses before it asks again', async (_what, answer) => {
      answers.user = answer;
      await start();
      const token = await signed();

      const statuses = [await ask(token), await ask(token), await ask(token)];

      expect(statuses).toMatchObject(Array(3).fill({ status: 503, body: { code: 'unavailable' } }));
      expect(askedFor('/user')).toHaveLength(1);
      expect(asked).toHaveLength(2);
      expect(limit.ms).toBe(TIMEOUT_MS);
      expect(log.text()).not.toContain(token);
    });

    it.each([{ message: 'Invalid API key' }, { message: 'No API key found in request' }, ''])(
      'names SUPABASE_ANON_KEY when the gateway answers 401 %j',
      async (body) => {
        answers.user = json(body, 401);
        await start();

        const answer = await ask(await signed());

        expect(answer.status).toBe(503);
        expect(log.text()).toContain('Supabase refused SUPABASE_ANON_KEY');
        expect(log.text()).not.toContain(ANON_KEY);
      },
    );

    it('asks at most once per pause while Supabase is unavailable, whatever the user', async () => {
      answers.user = (response) => void response.destroy();
      await start();
      const tokens = await Promise.all(Array.from({ length: 20 }, (_, i) => signed({ i })));
      await ask(tokens[0] ?? '');

      nowMs += PAUSE_MS - 1;
      const statuses = await Promise.all(tokens.map(ask));
      const askedInPause = askedFor('/user').length;
      answers.user = json(CONFIRMED);
      nowMs += 1;
      const after = await ask(tokens[0] ?? '');

      expect(statuses).toMatchObject(Array(20).fill({ status: 503 }));
      expect(askedInPause).toBe(1);
      expect(after.status).toBe(200);
    });
  });

  describe('and the published keys', () => {
    it.each<[string, Answer]>([
      ['fails', json({}, 500)],
      ['publishes nonsense', json({ keys: 1 })],
      ['hangs up', (response) => void response.destroy()],
      ['says nothing', silence],
      ['never ends its answer', unended],
    ])('answers 503 when Supabase %s, and fetches once per pause', async (_what, answer) => {
      answers.keys = answer;
      await start();
      const token = await signed();

      const statuses = await Promise.all(Array.from({ length: 20 }, () => ask(token)));
      nowMs += PAUSE_MS - 1;
      const later = await ask(token);
      const fetched = askedFor(KEYS).length;
      const limitMs = limit.ms;
      answers.keys = json(published);
      nowMs += 1;
      const after = await ask(token);

      expect([...statuses, later]).toMatchObject(Array(21).fill({ status: 503 }));
      expect({ fetched, limitMs }).toEqual({ fetched: 1, limitMs: TIMEOUT_MS });
      expect(after.status).toBe(200);
    });

    it('accepts tokens of known keys while the keys cannot be fetched again', async () => {
      await start();
      await ask(await signed());
      nowMs += UNKNOWN_KEY_PAUSE_MS + 1;
      answers.keys = (response) => void response.destroy();

      const unknown = await ask(await signed({}, 'unknown', stranger));
      const known = await ask(await signed({ again: true }));

      expect([unknown.status, known.status]).toEqual([503, 200]);
    });

    it('fetches the keys at most twice a minute for tokens of unknown keys', async () => {
      await start();
      await ask(await signed());

      const statuses = await Promise.all(
        Array.from({ length: 20 }, async (_, i) => ask(await signed({}, `unknown-${i}`, stranger))),
      );

      expect(statuses).toMatchObject(Array(20).fill({ status: 401 }));
      expect(askedFor(KEYS)).toHaveLength(1);
    });
  });
});
