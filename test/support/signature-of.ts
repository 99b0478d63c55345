import { createHmac } from 'node:crypto';

/** The value of X-Webhook-Signature for these bytes. */
export function signatureOf(body: Buffer, secret: string): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
}
