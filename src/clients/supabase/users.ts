import { createHash } from 'node:crypto';
import { z } from 'zod';
import { text } from '../../parse/scalars';
import { pauseAfterFailure } from './pause-after-failure';
import type { AskSupabase, SupabaseTimes } from './auth';

const VERDICTS_MAX = 10_000;

type Verdict = 'confirmed' | 'unconfirmed' | 'token_invalid';

/** What Auth tells a user about the account. Users can write the rest, but not these fields. */
const userShape = z.object({ id: z.string(), email: text, email_confirmed_at: text });
/** An error of Auth itself; its gateway has another shape. */
const authErrorShape = z.union([
  z.object({ error_code: z.string() }),
  z.object({ msg: z.string() }),
]);

/** Tells whether the e-mail address of a token's user is confirmed, and remembers it for minutes. */
export function createConfirmationOf(
  ask: AskSupabase,
  { timeoutMs, pauseMs, confirmedForMs, refusedForMs }: SupabaseTimes,
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
