import { SignJWT } from 'jose';

/** The access token that a signed-in user's browser has from Supabase. */
export function userToken(userId: string, email: string, jwtSecret: string): Promise<string> {
  return new SignJWT({
    email,
    role: 'authenticated',
    is_anonymous: false,
    user_metadata: { email_verified: true },
  })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setSubject(userId)
    .setAudience('authenticated')
    .setIssuedAt()
    .setExpirationTime('12h')
    .sign(Buffer.from(jwtSecret));
}
