import { parseJson } from '../parse/parse-json';

const CHUNKS_MAX = 10;
const SESSION_MAX_CHARS = 32 * 2 ** 10;
const BASE64_PREFIX = 'base64-';

/**
 * Reads the access token from a cookie. The value is the token itself, a session as @supabase/ssr
 * writes it (base64url or plain JSON; a long one in the chunks NAME.0, NAME.1, …), or a session as
 * auth-helpers writes it (a JSON list). Returns undefined for anything else, such as mixed chunks.
 */
export function readSessionCookie(
  readCookie: (name: string) => string | undefined,
  name: string,
): string | undefined {
  const value = readCookie(name)?.trim() || joinChunks(readCookie, name);
  const text = value.length > SESSION_MAX_CHARS ? undefined : decodePercents(value);
  if (!text) return undefined;
  if (text.startsWith(BASE64_PREFIX)) {
    return accessTokenOf(Buffer.from(text.slice(BASE64_PREFIX.length), 'base64url').toString());
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
