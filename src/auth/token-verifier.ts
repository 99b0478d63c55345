import {
  decodeProtectedHeader,
  type JWTPayload,
  jwtVerify,
  type JWTVerifyGetKey,
  type JWTVerifyOptions,
} from 'jose';
import { uuid } from '../parse/scalars';
import { tokenInvalid } from './errors';

export interface TokenKeys {
  /** Key of HS256 tokens. */
  jwtSecret?: string;
  /** Returns the published key of an RS256 or ES256 token. */
  publishedKey?: JWTVerifyGetKey;
  /** The expected `iss`; not checked if absent. */
  issuer?: string;
}

export interface VerifiedUser {
  userId: string;
  /** An anonymous sign-in has no e-mail address. */
  anonymous: boolean;
}

/** Role and audience in the tokens of signed-in users; Supabase's API keys have other roles. */
const AUTHENTICATED = 'authenticated';
const CLOCK_TOLERANCE_SECONDS = 5;
/** Errors that the token causes. Any other error comes from the key server or from this service. */
const TOKEN_FAULT =
  /^ERR_(?:JW[TS]_|JOSE_(?:ALG_NOT_ALLOWED|NOT_SUPPORTED)$|JWKS_(?:NO|MULTIPLE)_MATCHING_KEYS?$)/;

/** Returns a function that verifies a user's token and throws the refusal of an invalid one. */
export function createTokenVerifier({ jwtSecret, publishedKey, issuer }: TokenKeys) {
  const secret = jwtSecret === undefined ? undefined : new TextEncoder().encode(jwtSecret);
  const options: JWTVerifyOptions = {
    audience: AUTHENTICATED,
    issuer,
    requiredClaims: ['exp'],
    clockTolerance: CLOCK_TOLERANCE_SECONDS,
  };

  /** A published key never verifies an HS256 token: its text could serve as the shared secret. */
  async function claimsOf(token: string): Promise<JWTPayload | undefined> {
    const algorithm = algorithmOf(token);
    if (algorithm === 'HS256' && secret) {
      return (await jwtVerify(token, secret, { ...options, algorithms: [algorithm] })).payload;
    }
    if ((algorithm === 'RS256' || algorithm === 'ES256') && publishedKey) {
      return (await jwtVerify(token, publishedKey, { ...options, algorithms: [algorithm] }))
        .payload;
    }
    return undefined;
  }

  return async function verify(token: string): Promise<VerifiedUser> {
    const claims = await claimsOf(token).catch((err: unknown) => {
      if (TOKEN_FAULT.test((err as { code?: string }).code ?? '')) throw tokenInvalid();
      throw err;
    });
    const userId = uuid.parse(claims?.sub);
    if (userId === undefined || claims?.role !== AUTHENTICATED) throw tokenInvalid();
    return { userId, anonymous: claims.is_anonymous === true };
  };
}

function algorithmOf(token: string): string | undefined {
  try {
    return decodeProtectedHeader(token).alg;
  } catch {
    return undefined;
  }
}
