import createError, { type HttpError } from 'http-errors';

/** Seconds after which the sender may try again. */
const RETRY_AFTER = '5';

/** A refusal: `code` is stable and for machines, `message` is the `detail` that a person reads. */
function refusal(status: number, code: string, message: string, headers?: Record<string, string>) {
  return createError(status, message, { code, expose: true, headers });
}

export const invalidPayload = () => refusal(400, 'invalid_payload', 'Invalid webhook payload');
export const signatureMissing = () =>
  refusal(401, 'signature_missing', 'Missing webhook signature');
export const signatureInvalid = () =>
  refusal(401, 'signature_invalid', 'Invalid webhook signature');
export const notFound = () => refusal(404, 'not_found', 'Not found');
export const methodNotAllowed = () => refusal(405, 'method_not_allowed', 'Method not allowed');
export const payloadTooLarge = () =>
  refusal(413, 'payload_too_large', 'The body is too large', { Connection: 'close' });
export const encodingNotSupported = () =>
  refusal(415, 'encoding_not_supported', 'Content-Encoding must be identity', {
    Connection: 'close',
  });

/** The only answer for a fault of ours: the sender of webhooks retries a 503 but not a 500. */
export const unavailable = (headers: Record<string, string> = {}) =>
  refusal(503, 'unavailable', 'Temporarily unavailable', {
    'Retry-After': RETRY_AFTER,
    ...headers,
  });

/** A refusal as it is; anything else that was thrown is a fault of ours. */
export const toRefusal = (err: unknown): HttpError & { code?: string } =>
  createError.isHttpError(err) && err.expose ? err : unavailable();
