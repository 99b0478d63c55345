import { refusal } from '../http/errors';

const CHALLENGE = { 'WWW-Authenticate': 'Bearer' };

export const tokenMissing = () => refusal(401, 'token_missing', 'Missing auth token', CHALLENGE);
export const tokenInvalid = () =>
  refusal(401, 'token_invalid', 'Invalid or expired authentication token', CHALLENGE);
export const tooManyTokens = (seconds: number) =>
  refusal(429, 'too_many_tokens', `Too many wrong tokens: try again in ${seconds} seconds`, {
    'Retry-After': String(seconds),
  });
export const emailNotConfirmed = () =>
  refusal(403, 'email_not_confirmed', 'Please confirm your email address before signing in.');
export const originNotAllowed = () =>
  refusal(403, 'origin_not_allowed', 'With a cookie, the request must come from an allowed origin');
