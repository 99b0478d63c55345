import { refusal, RETRY_AFTER } from '../http/errors';
import type { ResendUnconfirmed } from '../operator/request-resend';

/** `repeat`: how to repeat the request under its ID, so that it stays one. */
export const resendUnconfirmed = ({ message, requestId }: ResendUnconfirmed, repeat: string) =>
  refusal(503, 'unavailable', `${message}. ${repeat}`, RETRY_AFTER, { request_id: requestId });
