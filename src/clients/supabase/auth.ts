import { parseJson } from '../../parse/parse-json';
import { readBounded } from '../read-bounded';
import { createConfirmationOf } from './confirmation';
import { createPublishedKey } from './published-key';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const ANSWER_MAX_BYTES = 2 ** 20;

const DEFAULTS = {
  timeoutMs: 5 * SECOND_MS,
  /** After a failure, no request is sent for this long. */
  pauseMs: 5 * SECOND_MS,
  /** Supabase lets clients cache its keys for ten minutes. */
  keysMaxAgeMs: 10 * MINUTE_MS,
  /** The keys are fetched again for an unknown key at most this often. */
  unknownKeyPauseMs: 30 * SECOND_MS,
  confirmedMaxAgeMs: 5 * MINUTE_MS,
  /** Short, because the user may confirm the address at any moment. */
  refusedMaxAgeMs: 15 * SECOND_MS,
  /** Milliseconds of a clock that never goes back. */
  now: () => performance.now(),
  /** Aborts after that many milliseconds. */
  timeoutSignal: (ms: number): AbortSignal => AbortSignal.timeout(ms),
};

interface SupabaseAuthConfig extends Partial<SupabaseTimes> {
  /** Such as `https://project.supabase.co`. */
  url: string;
  /** Supabase's gateway requires it; it does not identify the user. */
  anonKey: string;
}

export type SupabaseTimes = typeof DEFAULTS;

export type AskSupabase = (path: string, headers?: Record<string, string>) => Promise<Answer>;

interface Answer {
  status: number;
  json: unknown;
}

/** Requests to a Supabase project: the keys of its tokens, and the users of these tokens. */
export function createSupabaseAuth({ url, anonKey, ...change }: SupabaseAuthConfig) {
  const options = { ...DEFAULTS, ...change };

  async function ask(path: string, headers: Record<string, string> = {}): Promise<Answer> {
    const response = await fetch(`${url}/auth/v1${path}`, {
      headers: { ...headers, apikey: anonKey },
      // A redirect would send the key and the token to another server.
      redirect: 'error',
      signal: options.timeoutSignal(options.timeoutMs),
    });
    const body = await readBounded(response, ANSWER_MAX_BYTES);
    return { status: response.status, json: body && parseJson(body) };
  }

  return {
    publishedKey: createPublishedKey(ask, options),
    confirmationOf: createConfirmationOf(ask, options),
  };
}
