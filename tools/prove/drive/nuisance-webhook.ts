import {
  type SignedWebhook,
  signedWebhook,
  webhookHeaders,
} from '../../sandbox/provider/signed-webhook';
import type { Nuisance } from '../plan/nuisances';

const LIMIT = 32 * 2 ** 20;
const oversized = Buffer.alloc(LIMIT + 1, ' ');

/** A webhook that resembles a genuine one and must be refused. */
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
      return signed(body.subarray(0, -1), secret);
    case 'oversized':
      return { headers, body: oversized };
  }
}

function signed(body: Buffer<ArrayBuffer>, secret: string): SignedWebhook {
  return { body, headers: webhookHeaders(body, secret) };
}
