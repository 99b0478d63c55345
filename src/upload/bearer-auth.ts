import type { Context } from 'koa';
import { emailNotConfirmed, originNotAllowed, tokenInvalid, tokenMissing } from '../http/errors';
import { isFromOwnPage } from './own-page';
import { readSessionCookie } from './session-cookie';
import { createTokenVerifier, type TokenKeys } from './verify-token';

export interface BearerAuthConfig extends TokenKeys {
  /** Asks Supabase, with the user's own token. Rejects when it does not answer. */
  confirmationOf?: (token: string, userId: string) => Promise<Confirmation>;
  /** A cookie that may carry the token or the session instead of the header. */
  cookieName?: string;
  /** Origins whose pages may use the cookie, besides the one that is asked. */
  allowedOrigins?: readonly string[];
}

/** `token_invalid`: Supabase takes the token no more, for example after a sign-out. */
export type Confirmation = 'confirmed' | 'unconfirmed' | 'token_invalid';

export interface Caller {
  /** As it came, to be passed on. */
  token: string;
  /** The user of a verified token. */
  userId?: string;
}

/** What a bearer token can be made of (RFC 6750 §2.1), so that it fits any header. */
const TOKEN = /^[\w.~+/-]+=*$/;

/**
 * Returns a function that finds out who asks, and throws the refusal when there is no valid token.
 * Without a key any token will do here: the provider, which gets it, checks it.
 */
export function createBearerAuth(config: BearerAuthConfig): (ctx: Context) => Promise<Caller> {
  const { jwtSecret, publishedKey, confirmationOf } = config;
  const verify = createTokenVerifier(config);

  return async function authenticate(ctx) {
    const token = bearerOf(ctx.get('Authorization')) ?? cookieTokenOf(ctx, config);
    if (!token) throw tokenMissing();
    if (!TOKEN.test(token)) throw tokenInvalid();
    if (jwtSecret === undefined && !publishedKey) return { token };
    const { userId, anonymous } = await verify(token);
    if (anonymous) throw emailNotConfirmed();
    const confirmation = (await confirmationOf?.(token, userId)) ?? 'confirmed';
    if (confirmation === 'token_invalid') throw tokenInvalid();
    if (confirmation === 'unconfirmed') throw emailNotConfirmed();
    return { token, userId };
  };
}

function bearerOf(authorization: string): string | undefined {
  return /^bearer +([^ ].*)$/i.exec(authorization)?.[1]?.trim();
}

function cookieTokenOf(
  ctx: Context,
  { cookieName, allowedOrigins = [] }: BearerAuthConfig,
): string | undefined {
  if (!cookieName) return undefined;
  const token = readSessionCookie((name) => ctx.cookies.get(name), cookieName);
  if (token && !isFromOwnPage(ctx.headers, allowedOrigins)) throw originNotAllowed();
  return token;
}
