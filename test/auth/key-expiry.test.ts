import { SignJWT } from 'jose';
import { keyExpiry } from '../../src/auth/key-expiry';

const secret = new TextEncoder().encode('a secret of this test, which is long enough');
const sign = (jwt: SignJWT) => jwt.setProtectedHeader({ alg: 'HS256' }).sign(secret);

describe('keyExpiry', () => {
  it('is the end that a JSON Web Token names', async () => {
    const key = await sign(new SignJWT({ role: 'anon' }).setExpirationTime(1_900_000_000));

    expect(keyExpiry(key)).toEqual(new Date(1_900_000_000_000));
  });

  it('is undefined for a token without an end, and for what is no token', async () => {
    const endless = await sign(new SignJWT({}));

    expect([endless, 'sb_publishable_abc', 'a.b.c', ''].map(keyExpiry)).toEqual(
      Array(4).fill(undefined),
    );
  });
});
