import createError, { type HttpError } from 'http-errors';

export const RETRY_AFTER = { 'Retry-After': '5' };

/**
 * An answer to the client: `code` is stable and for programs, as `fields` are, `message` is its
 * `detail` for people.
 */
export function refusal(
  status: number,
  code: string,
  message: string,
  headers?: Record<string, string>,
  fields?: Record<string, string>,
): HttpError {
  return createError(status, message, { code, expose: true, headers, fields });
}

export const clientGone = () => refusal(400, 'client_gone', 'The client closed the connection');
export const notFound = () => refusal(404, 'not_found', 'Not found');
export const methodNotAllowed = () => refusal(405, 'method_not_allowed', 'Method not allowed');
export const tooSlow = () =>
  refusal(408, 'client_too_slow', 'The body arrives too slowly', { Connection: 'close' });
export const payloadTooLarge = () => refusal(413, 'payload_too_large', 'The body is too large');
export const encodingNotSupported = () =>
  refusal(415, 'encoding_not_supported', 'Content-Encoding must be identity');

/** The only answer for a failure of the service: senders of webhooks retry 503, but not 500. */
export const unavailable = () =>
  refusal(503, 'unavailable', 'Temporarily unavailable', RETRY_AFTER);

/** Returns a refusal as it is. Anything else that was thrown becomes a 503. */
export const toRefusal = (
  err: unknown,
): HttpError & { code?: string; fields?: Record<string, string> } =>
  createError.isHttpError(err) && err.expose ? err : unavailable();
