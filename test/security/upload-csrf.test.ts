import { userToken } from '../../tools/sandbox/service/user-token';
import { UPLOAD_PATH } from '../../src/upload/route';
import { USER_ID } from '../support/upload-endpoint';
import { createUploadStage, one } from '../support/upload-stage';
import { formBody, formType } from '../support/upload-form';

const SECRET = 'the secret of the project, 32 bytes or more';
const NAME = 'sb-project-auth-token';
const OWN_PAGE = { 'Sec-Fetch-Site': 'same-origin' };

const stage = createUploadStage();
let token: string;

beforeAll(async () => {
  token = await userToken(USER_ID, 'jane@example.org', SECRET);
});

beforeEach(() =>
  stage.start({
    auth: { jwtSecret: SECRET, cookieName: NAME, allowedOrigins: ['https://app.example'] },
  }),
);

/** Uploads with these headers and no Authorization, unless they have one. */
const upload = (headers: Record<string, string>) =>
  stage.endpoint.send(new Uint8Array(formBody(one)), {
    'Content-Type': formType,
    Authorization: '',
    ...headers,
  });

describe(`POST ${UPLOAD_PATH} with a cookie`, () => {
  it.each<[string, Record<string, string>]>([
    ['a page of the same origin', OWN_PAGE],
    [
      'a page of an allowed origin',
      { 'Sec-Fetch-Site': 'same-site', Origin: 'https://app.example' },
    ],
    ['an older browser on an allowed origin', { Origin: 'https://app.example' }],
  ])('answers 200 to %s', async (_what, headers) => {
    const answer = await upload({ ...headers, Cookie: `${NAME}=${token}` });

    expect(answer.status).toBe(200);
    expect(stage.endpoint.watched).toMatchObject([{ userId: USER_ID }]);
  });

  it.each<[string, Record<string, string>]>([
    ['neither header', {}],
    ['the Origin null', { Origin: 'null' }],
    ['a page of the same site', { 'Sec-Fetch-Site': 'same-site', Origin: 'https://b.example' }],
    ['a page of another site', { 'Sec-Fetch-Site': 'cross-site' }],
    ['a typed address', { 'Sec-Fetch-Site': 'none' }],
    ['a foreign Origin', { Origin: 'https://evil.example' }],
    ['an Origin that begins as an allowed one', { Origin: 'https://app.example.evil.example' }],
    ['an allowed host by http', { Origin: 'http://app.example' }],
    ['two sites', { 'Sec-Fetch-Site': 'same-origin, cross-site' }],
    ['a Referer only', { Referer: 'https://app.example/upload' }],
  ])('answers 403 to %s', async (_what, headers) => {
    const answer = await upload({ ...headers, Cookie: `${NAME}=${token}` });

    expect(answer).toMatchObject({ status: 403, body: { code: 'origin_not_allowed' } });
    expect(stage.provider.uploads).toEqual([]);
  });

  it('answers 200 to a bearer token from any origin, with any cookie', async () => {
    const answer = await upload({
      Authorization: `Bearer ${token}`,
      Cookie: `${NAME}=${token}`,
      'Sec-Fetch-Site': 'cross-site',
      Origin: 'https://evil.example',
    });

    expect(answer.status).toBe(200);
  });

  const session = (change: object = {}) => JSON.stringify({ access_token: token, ...change });
  const base64 = (text: string) => `base64-${Buffer.from(text).toString('base64url')}`;
  const half = (text: string, part: 0 | 1) =>
    part ? text.slice(text.length / 2) : text.slice(0, text.length / 2);

  it.each<[string, () => string]>([
    ['the token itself', () => `${NAME}=${token}`],
    ['the session of @supabase/ssr', () => `${NAME}=${base64(session())}`],
    ['it in chunks', () => inChunks(base64(session({ user: 'x'.repeat(2_000) })))],
    ['chunks beside an empty cookie', () => `${NAME}=; ${inChunks(base64(session()))}`],
    ['the session as JSON', () => `${NAME}=${encodeURIComponent(session())}`],
    ['JSON in chunks', () => inChunks(encodeURIComponent(session()))],
    [
      'the list of auth-helpers',
      () => `${NAME}=${encodeURIComponent(JSON.stringify([token, 'r']))}`,
    ],
  ])('reads %s', async (_what, cookie) => {
    const answer = await upload({ ...OWN_PAGE, Cookie: cookie() });

    expect(answer.status).toBe(200);
    expect(stage.endpoint.watched).toMatchObject([{ userId: USER_ID }]);
  });

  function inChunks(value: string): string {
    return `${NAME}.0=${half(value, 0)}; ${NAME}.1=${half(value, 1)}; ${NAME}.3=x`;
  }

  it.each<[string, () => string]>([
    ['the first chunk only', () => `${NAME}.0=${half(base64(session()), 0)}`],
    ['the second chunk only', () => `${NAME}.1=${half(base64(session()), 1)}`],
    ['half a percent escape', () => `${NAME}=${encodeURIComponent(session())}%E2%8`],
    ['base64 of no JSON', () => `${NAME}=${base64('hello')}`],
    [
      'base64 of no UTF-8',
      () => `${NAME}=base64-${Buffer.from([0xff, 0x7b]).toString('base64url')}`,
    ],
    ['characters beyond base64', () => `${NAME}=base64-!!!`],
    ['null', () => `${NAME}=${base64('null')}`],
    ['an empty list', () => `${NAME}=${base64('[]')}`],
    ['a session without token', () => `${NAME}=${base64('{"access_token":""}')}`],
    ['a number as token', () => `${NAME}=${base64('{"access_token":1}')}`],
    ['a deep nest', () => `${NAME}=${base64('['.repeat(5_000))}`],
    ['the verifier of a sign-in', () => `${NAME}-code-verifier=${base64(session())}`],
  ])('answers 401 to %s', async (_what, cookie) => {
    const answer = await upload({ ...OWN_PAGE, Cookie: cookie() });

    expect(answer).toMatchObject({ status: 401, body: { code: 'token_missing' } });
    expect(stage.endpoint.log.text()).toBe('');
  });
});
