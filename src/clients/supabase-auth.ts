import { createHash } from 'node:crypto';
import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';
import { z } from 'zod';
import { parseJson } from '../parse-json';
import { text } from '../scalars';
import { readBounded } from './read-bounded';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const ANSWER_MAX_BYTES = 2 ** 20;
const VERDICTS_MAX = 10_000;

const DEFAULTS = {
  timeoutMs: 5 * SECOND,
  /** After a failure nothing is asked for this long. */
  pauseMs: 5 * SECOND,
  /** Supabase lets clients cache its keys for ten minutes. */
  keysMaxAgeMs: 10 * MINUTE,
  /** How often a key that is not among them may be looked for. */
  unknownKeyPauseMs: 30 * SECOND,
  confirmedForMs: 5 * MINUTE,
  /** Short: the user may confirm the address at any moment. */
  refusedForMs: 15 * SECOND,
};

interface SupabaseAuthConfig extends Partial<typeof DEFAULTS> {
  /** Such as `https://project.supabase.co`. */
  url: string;
  /** Lets a request pass Supabase's gateway; says nothing of the user. */
  anonKey: string;
}

type Verdict = 'confirmed' | 'unconfirmed' | 'token_invalid';
type Ask = (path: string, headers?: Record<string, string>) => Promise<Answer>;
interface Answer {
  status: number;
  json: unknown;
}

/** Asks a Supabase project for the keys of its tokens and for the users they belong to. */
export function createSupabaseAuth({ url, anonKey, ...change }: SupabaseAuthConfig) {
  const options = { ...DEFAULTS, ...change };

  async function ask(path: string, headers: Record<string, string> = {}): Promise<Answer> {
    const response = await fetch(`${url}/auth/v1${path}`, {
      headers: { ...headers, apikey: anonKey },
      // A redirect would get the key, and the token.
      redirect: 'error',
      signal: AbortSignal.timeout(options.timeoutMs),
    });
    const body = await readBounded(response, ANSWER_MAX_BYTES);
    return { status: response.status, json: body && parseJson(body) };
  }

  return {
    publishedKey: createPublishedKey(ask, options),
    confirmationOf: createConfirmationOf(ask, options),
  };
}

/** Finds the key of a token among the published ones, which are fetched when first needed. */
function createPublishedKey(
  ask: Ask,
  { pauseMs, keysMaxAgeMs, unknownKeyPauseMs }: typeof DEFAULTS,
): JWTVerifyGetKey {
  let keys: Keys | undefined;
  let pending: Promise<Keys> | undefined;

  const fetchKeys = pauseAfterFailure(pauseMs, async (): Promise<Keys> => {
    const { status, json } = await ask('/.well-known/jwks.json');
    if (status !== 200) throw new Error(`Supabase answered ${status} instead of its keys`);
    return { find: createLocalJWKSet(json as JSONWebKeySet), fetchedAt: performance.now() };
  });
  async function refresh(): Promise<Keys> {
    pending ??= fetchKeys().finally(() => (pending = undefined));
    return (keys = await pending);
  }
  const isOlderThan = (known: Keys, ms: number) => performance.now() - known.fetchedAt > ms;

  return async function publishedKey(header, token) {
    const known = keys && !isOlderThan(keys, keysMaxAgeMs) ? keys : await refresh();
    try {
      return await known.find(header, token);
    } catch (err) {
      const isUnknown = err instanceof errors.JWKSNoMatchingKey;
      if (!isUnknown || !isOlderThan(known, unknownKeyPauseMs)) throw err;
    }
    return (await refresh()).find(header, token);
  };
}

interface Keys {
  find: ReturnType<typeof createLocalJWKSet>;
  fetchedAt: number;
}

/** What Auth tells a user about the account. Users can write the rest, but not these fields. */
const userShape = z.object({ id: z.string(), email: text, email_confirmed_at: text });
/** An error of Auth itself; its gateway has another shape. */
const authErrorShape = z.union([
  z.object({ error_code: z.string() }),
  z.object({ msg: z.string() }),
]);

/** Tells whether the e-mail address of a token's user is confirmed, and remembers it for minutes. */
function createConfirmationOf(
  ask: Ask,
  { timeoutMs, pauseMs, confirmedForMs, refusedForMs }: typeof DEFAULTS,
) {
  /** By the digest of the token, the oldest first. */
  const verdicts = new Map<string, { verdict: Promise<Verdict>; until: number }>();
  const askUser = pauseAfterFailure(pauseMs, (token: string) =>
    ask('/user', { Authorization: `Bearer ${token}` }),
  );

  async function judge(token: string, userId: string): Promise<Verdict> {
    const { status, json } = await askUser(token);
    if (status === 200) {
      const user = userShape.parse(json);
      if (user.id.toLowerCase() !== userId) throw new Error('Supabase answered for another user');
      return user.email && user.email_confirmed_at ? 'confirmed' : 'unconfirmed';
    }
    const isAuthError = authErrorShape.safeParse(json).success;
    if ([401, 403, 404].includes(status) && isAuthError) return 'token_invalid';
    if (status === 401 || status === 403) throw new Error('Supabase refused SUPABASE_ANON_KEY');
    throw new Error(`Supabase answered ${status} when asked for a user`);
  }

  return async function confirmationOf(token: string, userId: string): Promise<Verdict> {
    const key = createHash('sha256').update(token).digest('base64');
    const known = verdicts.get(key);
    if (known && known.until > performance.now()) return known.verdict;
    const entry = { verdict: judge(token, userId), until: performance.now() + 2 * timeoutMs };
    verdicts.delete(key);
    verdicts.set(key, entry);
    if (verdicts.size > VERDICTS_MAX) verdicts.delete(verdicts.keys().next().value ?? '');
    const keepFor = (ms: number) => void (entry.until = performance.now() + ms);
    entry.verdict.then(
      (verdict) => keepFor(verdict === 'confirmed' ? confirmedForMs : refusedForMs),
      () => keepFor(pauseMs),
    );
    return entry.verdict;
  };
}

/** After a failure, rejects with it at once until the pause is over. */
function pauseAfterFailure<A extends unknown[], R>(
  pauseMs: number,
  call: (...args: A) => Promise<R>,
): (...args: A) => Promise<R> {
  let failure: { error: unknown; until: number } | undefined;
  return async function paused(...args) {
    if (failure && failure.until > performance.now()) throw failure.error;
    try {
      const result = await call(...args);
      failure = undefined;
      return result;
    } catch (error) {
      failure = { error, until: performance.now() + pauseMs };
      throw error;
    }
  };
}
