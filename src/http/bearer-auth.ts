import { createRemoteJWKSet, decodeProtectedHeader, type JWTPayload, jwtVerify } from 'jose';
import type { Context } from 'koa';
import { userId } from '../scalars';
import { emailNotConfirmed, tokenInvalid, tokenMissing } from './errors';

export interface BearerAuthConfig {
  /** Key of HS256 tokens. */
  jwtSecret?: string;
  /** The project whose published keys verify RS256 and ES256 tokens. */
  supabaseUrl?: string;
  /** A cookie that may carry the token instead of the header. */
  cookieName?: string;
}

export interface Caller {
  /** As it came, to be passed on. */
  token: string;
  /** Whom a verified token is of; nobody vouches for what an unverified one says. */
  userId?: string;
}

const AUDIENCE = 'authenticated';
/** What a bearer token can be made of (RFC 6750 §2.1), so that it fits any header. */
const TOKEN = /^[\w.~+/-]+=*$/;
/** Faults of the token; any other is one of the keys' server or of ours. */
const TOKEN_FAULT =
  /^ERR_(?:JW[TS]_|JOSE_(?:ALG_NOT_ALLOWED|NOT_SUPPORTED)$|JWKS_(?:NO|MULTIPLE)_MATCHING_KEYS?$)/;

/**
 * Who asks. Throws the refusal when there is no valid token; without keys to verify it by, any token
 * will do here.
 */
export function createBearerAuth(config: BearerAuthConfig): (ctx: Context) => Promise<Caller> {
  const { jwtSecret, supabaseUrl, cookieName } = config;
  const verify = createVerify(config);

  return async function authenticate(ctx) {
    const token = bearerOf(ctx.get('Authorization')) ?? cookieOf(ctx, cookieName);
    if (!token) throw tokenMissing();
    if (!TOKEN.test(token)) throw tokenInvalid();
    if (!jwtSecret && !supabaseUrl) return { token };
    const claims = await verify(token);
    const subject = [claims.sub, claims.user_id].find(isText);
    if (!subject) throw tokenInvalid();
    if (saysUnconfirmed(claims)) throw emailNotConfirmed();
    return { token, userId: userId.parse(subject) };
  };
}

function createVerify({ jwtSecret, supabaseUrl }: BearerAuthConfig) {
  const secret = jwtSecret === undefined ? undefined : new TextEncoder().encode(jwtSecret);
  // Fetched when first needed, then kept for ten minutes.
  const published =
    supabaseUrl === undefined
      ? undefined
      : createRemoteJWKSet(new URL(`${supabaseUrl}/auth/v1/.well-known/jwks.json`));
  const claims = { audience: AUDIENCE, requiredClaims: ['exp'] };

  return async function verify(token: string): Promise<JWTPayload> {
    const alg = algorithmOf(token);
    try {
      // The key is chosen by what it is for: a published key never verifies an HS256 token.
      if (alg === 'HS256' && secret) {
        return (await jwtVerify(token, secret, { ...claims, algorithms: ['HS256'] })).payload;
      }
      if ((alg === 'RS256' || alg === 'ES256') && published) {
        return (await jwtVerify(token, published, { ...claims, algorithms: [alg] })).payload;
      }
    } catch (err) {
      if (!TOKEN_FAULT.test((err as { code?: string }).code ?? '')) throw err;
    }
    throw tokenInvalid();
  };
}

function algorithmOf(token: string): string | undefined {
  try {
    return decodeProtectedHeader(token).alg;
  } catch {
    return undefined;
  }
}

function bearerOf(authorization: string): string | undefined {
  return /^bearer +([^ ].*)$/i.exec(authorization)?.[1]?.trim();
}

/** Not of a page of another site: a browser sends the cookie along whoever made the form. */
function cookieOf(ctx: Context, name: string | undefined): string | undefined {
  if (!name || ctx.get('Sec-Fetch-Site') === 'cross-site') return undefined;
  return ctx.cookies.get(name)?.trim();
}

/** Supabase's tokens need not say it; then the provider, which gets the token, has the last word. */
function saysUnconfirmed(claims: JWTPayload): boolean {
  const { email_confirmed_at: email, confirmed_at: account, email_verified: verified } = claims;
  if (isText(email) || isText(account)) return false;
  return email !== undefined || account !== undefined || verified === false;
}

const isText = (value: unknown): value is string => typeof value === 'string' && !!value.trim();
