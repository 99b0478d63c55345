import { createHash, timingSafeEqual } from 'node:crypto';

/** Returns a function that compares with the token, in constant time. */
export function createTokenCheck(token: string): (given: string) => boolean {
  const expected = digest(token);
  return (given) => timingSafeEqual(digest(given), expected);
}

/** Digests have the same length, as the comparison requires. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
