import { refusal, RETRY_AFTER } from '../http/errors';
import { ResendUnconfirmed } from '../operator/request-resend';

/**
 * Rejects an unconfirmed request with a 503 that names its ID, and any other error as it is. `repeat`:
 * how to repeat the request under that ID, so that it stays one.
 */
export const refuseUnconfirmed =
  (repeat: string) =>
  (err: unknown): never => {
    if (!(err instanceof ResendUnconfirmed)) throw err;
    const { message, requestId } = err;
    const fields = { request_id: requestId };
    throw refusal(503, 'unavailable', `${message}. ${repeat}`, RETRY_AFTER, fields);
  };
