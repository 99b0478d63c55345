import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';
import { pauseAfterFailure } from './pause-after-failure';
import type { AskSupabase, SupabaseTimes } from './auth';

/** Returns a function that finds the published key of a token; fetches the keys when needed. */
export function createPublishedKey(ask: AskSupabase, times: SupabaseTimes): JWTVerifyGetKey {
  const { keysMaxAgeMs, unknownKeyPauseMs, now } = times;
  let keys: Keys | undefined;
  let pending: Promise<Keys> | undefined;

  const fetchKeys = pauseAfterFailure(times, async (): Promise<Keys> => {
    const { status, json } = await ask('/.well-known/jwks.json');
    if (status !== 200) throw new Error(`Supabase answered ${status} when asked for its keys`);
    return { find: createLocalJWKSet(json as JSONWebKeySet), fetchedAtMs: now() };
  });
  async function refresh(): Promise<Keys> {
    pending ??= fetchKeys().finally(() => (pending = undefined));
    return (keys = await pending);
  }
  const isOlderThan = (known: Keys, ms: number) => now() - known.fetchedAtMs > ms;

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
  fetchedAtMs: number;
}
