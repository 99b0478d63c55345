import { refusal } from '../http/errors';

export const invalidPayload = () => refusal(400, 'invalid_payload', 'Invalid webhook payload');
export const signatureMissing = () =>
  refusal(401, 'signature_missing', 'Missing webhook signature');
export const signatureInvalid = () =>
  refusal(401, 'signature_invalid', 'Invalid webhook signature');
