import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Confirmation } from '../../auth/bearer-auth';
import { text } from '../../parse/scalars';
import { pauseAfterFailure } from './pause-after-failure';
import type { AskSupabase, SupabaseTimes } from './auth';

const CACHE_ENTRIES_MAX = 10_000;

/** Fields of Supabase Auth's user that the user cannot change. */
const userShape = z.object({ id: z.string(), email: text, email_confirmed_at: text });
/** An error of Supabase Auth itself; errors of its gateway have another shape. */
const authErrorShape = z.union([
  z.object({ error_code: z.string() }),
  z.object({ msg: z.string() }),
]);

/**
 * Returns a function that tells whether the user of a token has a confirmed e-mail address. It caches
 * the answers.
 */
export function createConfirmationOf(ask: AskSupabase, times: SupabaseTimes) {
  const { timeoutMs, pauseMs, confirmedMaxAgeMs, refusedMaxAgeMs, now } = times;
  /** By the digest of the token, the oldest first. */
  const cache = new Map<string, { confirmation: Promise<Confirmation>; untilMs: number }>();
  const askUser = pauseAfterFailure(times, (token: string) =>
    ask('/user', { Authorization: `Bearer ${token}` }),
  );

  async function fetchConfirmation(token: string, userId: string): Promise<Confirmation> {
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

  return async function confirmationOf(token: string, userId: string): Promise<Confirmation> {
    const key = createHash('sha256').update(token).digest('base64');
    const known = cache.get(key);
    if (known && known.untilMs > now()) return known.confirmation;
    const entry = {
      confirmation: fetchConfirmation(token, userId),
      untilMs: now() + 2 * timeoutMs,
    };
    cache.delete(key);
    cache.set(key, entry);
    if (cache.size > CACHE_ENTRIES_MAX) cache.delete(cache.keys().next().value ?? '');
    const keepFor = (ms: number) => void (entry.untilMs = now() + ms);
    entry.confirmation.then(
      (confirmation) => keepFor(confirmation === 'confirmed' ? confirmedMaxAgeMs : refusedMaxAgeMs),
      () => keepFor(pauseMs),
    );
    return entry.confirmation;
  };
}
