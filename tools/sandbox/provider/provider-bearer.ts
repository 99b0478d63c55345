import { refusal } from './provider-errors';

export type Caller = { admin: true } | { admin: false; userId: string };

/**
 * The caller: the admin, or the user in a JWT's `sub`. This stub does not check the token's
 * signature: whether a token is genuine is settled before it comes here.
 */
export function toCaller(authorization: string | undefined, adminKey: string): Caller {
  const token = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
  if (token === adminKey) return { admin: true };
  const userId = token && toSubject(token);
  if (!userId) throw refusal(401);
  return { admin: false, userId };
}

function toSubject(token: string): string | undefined {
  const [, payload, signature] = token.split('.');
  if (!payload || !signature) return undefined;
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString());
    const subject = claims && typeof claims === 'object' && 'sub' in claims && claims.sub;
    return typeof subject === 'string' ? subject : undefined;
  } catch {
    return undefined;
  }
}
