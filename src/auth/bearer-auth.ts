import type { Context } from 'koa';
import { emailNotConfirmed, originNotAllowed, tokenInvalid, tokenMissing } from './errors';
import { isFromOwnPage } from './own-page';
import { readSessionCookie } from './session-cookie';
import { createTokenVerifier, type TokenKeys } from './token-verifier';

export interface BearerAuthConfig extends TokenKeys {
  /** Asks Supabase with the user's own token. Rejects when Supabase does not answer. */
  confirmationOf?: (token: string, userId: string) => Promise<Confirmation>;
  /** The cookie that may hold the token or the session when there is no header. */
  cookieName?: string;
  /** Origins whose pages may use the cookie, besides the origin of the request itself. */
  allowedOrigins?: readonly string[];
}

/** `token_invalid`: Supabase no longer accepts the token, for example after a sign-out. */
export type Confirmation = 'confirmed' | 'unconfirmed' | 'token_invalid';

export interface Caller {
  /** The token as received, to be forwarded to the provider. */
  token: string;
  /** Present if the token was verified. */
  userId?: string;
}

/** The syntax of a bearer token (RFC 6750 §2.1), which is safe in any header. */
const TOKEN = /^[\w.~+/-]+=*$/;

/**
 * Returns a function that identifies the caller and throws the refusal when there is no valid token.
 * Without a key it accepts any token, because the provider verifies the token that it receives.
 */
export function createBearerAuth(config: BearerAuthConfig): (ctx: Context) => Promise<Caller> {
  const { jwtSecret, publishedKey, confirmationOf } = config;
  const verify = createTokenVerifier(config);

  return async function authenticate(ctx) {
    const token = headerToken(ctx.get('Authorization')) ?? cookieToken(ctx, config);
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

function headerToken(authorization: string): string | undefined {
  return /^bearer +([^ ].*)$/i.exec(authorization)?.[1]?.trim();
}

function cookieToken(
  ctx: Context,
  { cookieName, allowedOrigins = [] }: BearerAuthConfig,
): string | undefined {
  if (!cookieName) return undefined;
  const token = readSessionCookie((name) => ctx.cookies.get(name), cookieName);
  if (token && !isFromOwnPage(ctx.headers, allowedOrigins)) throw originNotAllowed();
  return token;
}
