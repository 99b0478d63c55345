import { parseJson } from '../../parse/parse-json';
import { readBounded } from '../read-bounded';
import { createPublishedKey } from './keys';
import { createConfirmationOf } from './users';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const ANSWER_MAX_BYTES = 2 ** 20;

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

interface SupabaseAuthConfig extends Partial<SupabaseTimes> {
  /** Such as `https://project.supabase.co`. */
  url: string;
  /** Lets a request pass Supabase's gateway; says nothing of the user. */
  anonKey: string;
}

export type SupabaseTimes = typeof DEFAULTS;

export type AskSupabase = (path: string, headers?: Record<string, string>) => Promise<Answer>;

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
