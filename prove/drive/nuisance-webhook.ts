import { createHmac } from 'node:crypto';
import { type SignedWebhook, signedWebhook } from '../../sandbox/provider/signed-webhook';
import type { Nuisance } from '../plan/nuisances';

const LIMIT = 32 * 2 ** 20;
const oversized = Buffer.alloc(LIMIT + 1, ' ');

/** A webhook that looks like a genuine one and must not be taken for one. */
export function nuisanceWebhook(nuisance: Nuisance, taskId: string, secret: string): SignedWebhook {
  const genuine = signedWebhook({ taskId, secret });
  const { body, headers } = genuine;
  switch (nuisance) {
    case 'tampered':
      return { headers, body: Buffer.from(body.toString().replace('"failed":0', '"failed":1')) };
    case 'unsigned':
      return signedWebhook({ taskId });
    case 'foreign key':
      return signedWebhook({ taskId, secret: `not ${secret}` });
    case 'malformed':
      return signed(body.subarray(0, -1), headers, secret);
    case 'oversized':
      return { headers, body: oversized };
  }
}

function signed(body: Buffer, headers: Record<string, string>, secret: string): SignedWebhook {
  const hmac = createHmac('sha256', secret).update(body).digest('hex');
  return { body, headers: { ...headers, 'X-Webhook-Signature': `sha256=${hmac}` } };
}
