import { decodeJwt } from 'jose';

/** When a key that is a JSON Web Token expires; undefined for any other, and for one without an end. */
export function keyExpiry(key: string): Date | undefined {
  try {
    const { exp } = decodeJwt(key);
    return typeof exp === 'number' ? new Date(exp * 1_000) : undefined;
  } catch {
    return undefined;
  }
}
