import Router from '@koa/router';
import { exportJWK, generateKeyPair, type JWTPayload, type KeyLike, SignJWT } from 'jose';
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
const KEY = new TextEncoder().encode(SECRET);
const SOON = Math.floor(Date.now() / 1_000) + 3_600;
const PAST = SOON - 7_200;

type Claims = JWTPayload & Record<string, unknown>;
const claims = (change: Claims = {}): Claims => ({
  sub: USER_ID,
  aud: 'authenticated',
  exp: SOON,
  role: 'authenticated',
  ...change,
});
const signed = (change: Claims = {}, key: KeyLike | Uint8Array = KEY, header: object = {}) =>
  new SignJWT(claims(change)).setProtectedHeader({ alg: 'HS256', ...header }).sign(key);
const segment = (content: object) => Buffer.from(JSON.stringify(content)).toString('base64url');
const unsigned = (header: object) => `${segment(header)}.${segment(claims())}.`;

const MISSING = { detail: 'Missing auth token', code: 'token_missing' };
const INVALID = { detail: 'Invalid or expired authentication token', code: 'token_invalid' };

let server: HttpServer;
let keys: Listener | undefined;
let log: ReturnType<typeof capturedLogger>;
let asked = 0;

let rsa: Awaited<ReturnType<typeof generateKeyPair>>;
let ec: Awaited<ReturnType<typeof generateKeyPair>>;
let other: Awaited<ReturnType<typeof generateKeyPair>>;

beforeAll(async () => {
  [rsa, ec, other] = (await Promise.all(
    ['RS256', 'ES256', 'RS256'].map((alg) => generateKeyPair(alg)),
  )) as [typeof rsa, typeof rsa, typeof rsa];
});

beforeEach(() => {
  asked = 0;
});

afterEach(async () => {
  await server.close();
  await keys?.close();
  keys = undefined;
});

const ACCOUNT = {
  id: USER_ID,
  email: 'jane@example.org',
  email_confirmed_at: '2026-01-01T00:00:00Z',
};
const supabaseAt = (port: number) =>
  createSupabaseAuth({ url: `http://127.0.0.1:${port}`, anonKey: 'sb_publishable_0123456789' });

/** A route that tells who asks. */
async function start(config: BearerAuthConfig = { jwtSecret: SECRET, cookieName: 'session' }) {
  log = capturedLogger();
  const authenticate = createBearerAuth(config);
  const router = new Router().get('/', async (ctx) => {
    ctx.body = await authenticate(ctx);
  });
  server = await listen(createApp({ logger: log.logger, routers: [router] }), 0);
}

/** A project that publishes its two keys. */
async function startProject(answer?: (body: string) => string, jwtSecret?: string) {
  const jwks = {
    keys: [
      { ...(await exportJWK(rsa.publicKey)), kid: 'rsa', alg: 'RS256' },
      { ...(await exportJWK(ec.publicKey)), kid: 'ec', alg: 'ES256' },
    ],
  };
  keys = await listenHttp((request, response) => {
    if (request.url === '/auth/v1/user') return void response.end(JSON.stringify(ACCOUNT));
    asked += 1;
    const found = request.url === '/auth/v1/.well-known/jwks.json';
    const body = JSON.stringify(jwks);
    response.writeHead(found ? 200 : 404).end(answer ? answer(body) : body);
  });
  await start({ ...supabaseAt(keys.port), jwtSecret });
}

async function ask(headers: Record<string, string>) {
  const response = await revealing("the test's own route tells what it was given", () =>
    fetch(`http://127.0.0.1:${server.port}/`, { headers }),
  );
  return { status: response.status, headers: response.headers, body: await response.json() };
}
const askWith = (token: string) => ask({ Authorization: `Bearer ${token}` });

describe('authenticate with a secret', () => {
  it.each(['Bearer', 'bearer', 'BEARER', 'bEaReR '])('accepts a token after %j', async (scheme) => {
    await start();
    const token = await signed();

    const answer = await ask({ Authorization: `${scheme} ${token}` });

    expect(answer).toMatchObject({ status: 200, body: { token, userId: USER_ID } });
  });

  it.each<[string, Record<string, string>]>([
    ['nothing', {}],
    ['an empty header', { Authorization: '' }],
    ['a scheme without a token', { Authorization: 'Bearer' }],
    ['another scheme', { Authorization: 'Basic dTpw' }],
    ['another cookie', { Cookie: 'sessio=a.b.c; xsession=a.b.c' }],
    ['an empty cookie', { Cookie: 'session=' }],
  ])('answers 401 for %s', async (_what, headers) => {
    await start();

    const answer = await ask(headers);

    expect(answer).toMatchObject({ status: 401, body: MISSING });
    expect(answer.headers.get('WWW-Authenticate')).toBe('Bearer');
  });

  it.each<[string, () => string | Promise<string>]>([
    ['of another secret', () => signed({}, new TextEncoder().encode(`${SECRET} `))],
    ['for another audience', () => signed({ aud: 'anon' })],
    ['for no audience', () => signed({ aud: undefined })],
    ['that has expired', () => signed({ exp: PAST })],
    ['that never expires', () => signed({ exp: undefined })],
    ['that expires in a word', () => signed({ exp: 'never' as unknown as number })],
    ['that is not valid yet', () => signed({ nbf: SOON })],
    ['without a subject', () => signed({ sub: undefined })],
    ['of a blank', () => signed({ sub: ' ' })],
    ['without a signature', () => unsigned({ alg: 'none' })],
    ['without an algorithm', () => unsigned({})],
    ['with the signature cut', async () => (await signed()).slice(0, -1)],
    ['with another algorithm', () => signed({}, KEY, { alg: 'HS512' })],
    [
      'by a key, where only the secret is known',
      () => signed({}, rsa.privateKey, { alg: 'RS256' }),
    ],
    ['with a critical header', () => `${unsigned({ alg: 'HS256', crit: ['x'], x: 1 })}c2ln`],
    ['of two parts', () => 'a.b'],
    ['of no JSON', () => 'a.b.c'],
    ['of one word', () => 'hunter2'],
    ['with blanks', () => 'hunter2 hunter2'],
    ['of another alphabet', () => 'hünter2'],
  ])('answers 401 for a token %s', async (_what, makeToken) => {
    await start();

    const answer = await ask({
      Authorization: Buffer.from(`Bearer ${await makeToken()}`).toString('latin1'),
    });

    expect(answer).toMatchObject({ status: 401, body: INVALID });
    expect(log.text()).toBe('');
  });

  it('accepts a token with several audiences', async () => {
    await start();

    const answer = await askWith(await signed({ aud: ['anon', 'authenticated'] }));

    expect(answer).toMatchObject({ status: 200, body: { userId: USER_ID } });
  });

  describe('and a cookie', () => {
    const OWN_PAGE = { 'Sec-Fetch-Site': 'same-origin' };

    it('reads the token from the cookie when there is no header', async () => {
      await start();
      const token = await signed();

      const answers = [
        await ask({ ...OWN_PAGE, Cookie: `a=b; session=${token}` }),
        await ask({ ...OWN_PAGE, Cookie: `session=${token}`, Authorization: 'Basic dTpw' }),
      ];

      expect(answers).toMatchObject(Array(2).fill({ status: 200, body: { token } }));
    });

    it('prefers the header to the cookie', async () => {
      await start();

      const answer = await ask({
        ...OWN_PAGE,
        Cookie: `session=${await signed()}`,
        Authorization: `Bearer ${await signed({ exp: PAST })}`,
      });

      expect(answer.status).toBe(401);
    });

    it('ignores cookies when no name is configured', async () => {
      await start({ jwtSecret: SECRET });

      const answer = await ask({
        ...OWN_PAGE,
        Cookie: `session=${await signed()}; undefined=${await signed()}`,
      });

      expect(answer.status).toBe(401);
    });
  });
});

describe('authenticate with the published keys of a project', () => {
  const byRsa = (change: Claims = {}) =>
    signed(change, rsa.privateKey, { alg: 'RS256', kid: 'rsa' });
  const byEc = () => signed({}, ec.privateKey, { alg: 'ES256', kid: 'ec' });

  it('accepts RS256 and ES256 tokens, and fetches the keys once', async () => {
    await startProject();

    const answers = [await askWith(await byRsa()), await askWith(await byEc())];

    expect(answers).toMatchObject(Array(2).fill({ status: 200, body: { userId: USER_ID } }));
    expect(asked).toBe(1);
  });

  it('also accepts HS256 tokens when there is a secret', async () => {
    await startProject(undefined, SECRET);

    const answers = [await askWith(await byRsa()), await askWith(await signed())];

    expect(answers).toMatchObject([{ status: 200 }, { status: 200 }]);
  });

  it.each<[string, () => string | Promise<string>]>([
    ['by another key', () => signed({}, other.privateKey, { alg: 'RS256', kid: 'rsa' })],
    [
      'by a key that is not published',
      () => signed({}, other.privateKey, { alg: 'RS256', kid: 'x' }),
    ],
    [
      'by the key of another algorithm',
      () => signed({}, rsa.privateKey, { alg: 'RS256', kid: 'ec' }),
    ],
    [
      'by an algorithm that is not supported',
      () => signed({}, rsa.privateKey, { alg: 'PS256', kid: 'rsa' }),
    ],
    ['that has expired', () => byRsa({ exp: PAST })],
    ['for another audience', () => byRsa({ aud: 'anon' })],
    ['by HS256 without a secret', () => signed()],
    [
      'by HS256 with the published key as its secret',
      async () => {
        const jwk = await exportJWK(rsa.publicKey);
        return signed({}, new TextEncoder().encode(JSON.stringify(jwk)), { kid: 'rsa' });
      },
    ],
    ['without a signature', () => unsigned({ alg: 'none', kid: 'rsa' })],
  ])('answers 401 for a token %s', async (_what, makeToken) => {
    await startProject();

    const answer = await askWith(await makeToken());

    expect(answer).toMatchObject({ status: 401, body: INVALID });
  });

  it.each<[string, (body: string) => string]>([
    ['no JSON', () => '<html>'],
    ['no keys', () => '{}'],
  ])('answers 503 when the project publishes %s', async (_what, answering) => {
    await startProject(answering);

    const answer = await askWith(await byRsa());

    expect(answer).toMatchObject({ status: 503, body: { code: 'unavailable' } });
    expect(answer.headers.get('Retry-After')).toBe('5');
  });

  it('answers 503 when the keys cannot be fetched, and logs no token', async () => {
    await start(supabaseAt(1));
    const token = await byRsa();

    const answer = await askWith(token);

    expect(answer.status).toBe(503);
    expect(log.events()).toEqual(['http.failed']);
    expect(log.text()).not.toContain(token);
  });
});

describe('authenticate without keys', () => {
  it('accepts any token and returns no user', async () => {
    await start({});
    const tokens = [await signed(), await signed({ exp: PAST }), 'an-api-key'];

    const answers = await Promise.all(tokens.map(askWith));

    expect(answers).toMatchObject(tokens.map(() => ({ status: 200 })));
    expect(answers.map(({ body }) => body)).toEqual(tokens.map((token) => ({ token })));
  });

  it('answers 401 without a token', async () => {
    await start({});

    const answer = await ask({});

    expect(answer).toMatchObject({ status: 401, body: MISSING });
  });
});
