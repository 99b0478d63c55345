import createError, { type HttpError } from 'http-errors';
import { withFileName } from '../upload/file-name';

/** Seconds after which the sender may try again. */
const RETRY_AFTER = '5';

/** A refusal: `code` is stable and for machines, `message` is the `detail` that a person reads. */
function refusal(status: number, code: string, message: string, headers?: Record<string, string>) {
  return createError(status, message, { code, expose: true, headers });
}

export const invalidPayload = () => refusal(400, 'invalid_payload', 'Invalid webhook payload');
export const invalidTaskId = () => refusal(400, 'invalid_task_id', 'The task ID must be a UUID');
export const signatureMissing = () =>
  refusal(401, 'signature_missing', 'Missing webhook signature');
export const signatureInvalid = () =>
  refusal(401, 'signature_invalid', 'Invalid webhook signature');
export const notFound = () => refusal(404, 'not_found', 'Not found');
export const methodNotAllowed = () => refusal(405, 'method_not_allowed', 'Method not allowed');
export const payloadTooLarge = () => refusal(413, 'payload_too_large', 'The body is too large');
export const encodingNotSupported = () =>
  refusal(415, 'encoding_not_supported', 'Content-Encoding must be identity');

const CHALLENGE = { 'WWW-Authenticate': 'Bearer' };
export const tokenMissing = () => refusal(401, 'token_missing', 'Missing auth token', CHALLENGE);
export const tokenInvalid = () =>
  refusal(401, 'token_invalid', 'Invalid or expired authentication token', CHALLENGE);
export const emailNotConfirmed = () =>
  refusal(403, 'email_not_confirmed', 'Please confirm your email address before signing in.');

export const originNotAllowed = () =>
  refusal(403, 'origin_not_allowed', 'With a cookie, the request must come from an allowed origin');

export const tooManyUploads = (slots: number) =>
  refusal(429, 'too_many_uploads', `At most ${slots} uploads of a user can run at once`, {
    'Retry-After': RETRY_AFTER,
  });
export const invalidForm = () =>
  refusal(400, 'form_invalid', 'The body is not a complete multipart/form-data form');
export const fieldTooLarge = () => refusal(413, 'field_too_large', 'A form field is too large');
export const tooManyFiles = (most: number) =>
  refusal(400, 'too_many_files', `At most ${most} files can be uploaded at once`);
export const fileTooLarge = (mebibytes: number, fileName: string) => {
  const detail = `A file exceeds the maximum size of ${mebibytes} MB`;
  const named = withFileName({ code: 'file_too_large', detail }, fileName);
  return refusal(413, named.code, named.detail);
};
export const formTooLarge = () => refusal(413, 'form_too_large', 'The form is too large');
export const clientGone = () => refusal(400, 'client_gone', 'The client closed the connection');
export const tooSlow = () =>
  refusal(408, 'client_too_slow', 'The body arrives too slowly', { Connection: 'close' });
export const badUpload = ({ code, detail }: { code: string; detail: string }) =>
  refusal(400, code, detail);

/** The only answer for a fault of ours: the sender of webhooks retries a 503 but not a 500. */
export const unavailable = () =>
  refusal(503, 'unavailable', 'Temporarily unavailable', { 'Retry-After': RETRY_AFTER });

/** A refusal as it is; anything else that was thrown is a fault of ours. */
export const toRefusal = (err: unknown): HttpError & { code?: string } =>
  createError.isHttpError(err) && err.expose ? err : unavailable();
