import { hkdfSync, scryptSync } from 'node:crypto';

const SALT = 'bulk-notify admin page';
const KEY_BYTES = 32;

export type Keys = ReturnType<typeof deriveKeys>;

/**
 * The keys of the page. They come from the admin token, so that every API accepts the sessions of the
 * others and a new token ends them all. scrypt keeps a short token from being guessed by a cookie.
 */
export function deriveKeys(adminToken: string) {
  const secret = scryptSync(adminToken, SALT, KEY_BYTES);
  const derive = (purpose: string) =>
    Buffer.from(hkdfSync('sha256', secret, SALT, purpose, KEY_BYTES));
  return { session: derive('session'), form: derive('form'), address: derive('address') };
}
