import { parseJson } from '../parse/parse-json';

const CHUNKS_MAX = 10;
const SESSION_MAX_CHARS = 32 * 2 ** 10;
const BASE64 = 'base64-';

/**
 * The access token of a cookie: itself, or within a session as @supabase/ssr writes it (base64url
 * or plain JSON, in chunks NAME.0, NAME.1 when it is long), or as auth-helpers did (a JSON list).
 * Undefined for anything else: chunks of two sessions can be mixed, and then there is no session.
 */
export function readSessionCookie(
  readCookie: (name: string) => string | undefined,
  name: string,
): string | undefined {
  const value = readCookie(name)?.trim() || joinChunks(readCookie, name);
  const text = value.length > SESSION_MAX_CHARS ? undefined : decodePercents(value);
  if (!text) return undefined;
  if (text.startsWith(BASE64)) {
    return accessTokenOf(Buffer.from(text.slice(BASE64.length), 'base64url').toString());
  }
  return /^[[{]/.test(text) ? accessTokenOf(text) : text;
}

function joinChunks(readCookie: (name: string) => string | undefined, name: string): string {
  let joined = '';
  for (let i = 0; i < CHUNKS_MAX; i += 1) {
    const chunk = readCookie(`${name}.${i}`);
    if (!chunk) break;
    joined += chunk;
  }
  return joined;
}

function decodePercents(value: string): string | undefined {
  try {
    return decodeURIComponent(value);
  } catch {
    return undefined;
  }
}

function accessTokenOf(json: string): string | undefined {
  const session = parseJson(json);
  const token: unknown = Array.isArray(session)
    ? session[0]
    : (session as { access_token?: unknown } | null | undefined)?.access_token;
  return typeof token === 'string' && token ? token : undefined;
}
