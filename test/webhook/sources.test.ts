import { boltRouteFormat } from '../../src/webhook/boltroute-format';
import type { WebhookFormat } from '../../src/webhook/format';
import { signedWebhook } from '../../tools/sandbox/provider/signed-webhook';
import { fetch } from '../support/recorded-fetch';
import { startWebhookEndpoint, type WebhookEndpoint } from '../support/webhook-endpoint';

const TASK_ID = '550e8400-e29b-41d4-a716-446655440000';
const OTHER_TASK_ID = '7d9f1c64-5717-4562-b3fc-2c963f66afa6';

/** The body is a task ID, and the signature is the secret itself. */
const otherFormat: WebhookFormat = {
  path: '/webhooks/other',
  signatureHeader: 'x-other-signature',
  isSignature: () => true,
  verify: (_body, signature, secrets) => secrets.indexOf(signature),
  parse: (body) => ({
    event: { taskId: body.toString(), stats: { failed: 0, completed: 1 }, jobCount: 1 },
  }),
};

describe('webhook routes of two sources', () => {
  let endpoint: WebhookEndpoint;

  beforeEach(async () => {
    endpoint = await startWebhookEndpoint({
      sources: [
        { format: boltRouteFormat, secrets: ['first secret'] },
        { format: otherFormat, secrets: ['second secret'] },
      ],
    });
  });
  afterEach(() => endpoint.close());

  const postOther = (signature: string) =>
    fetch(new URL(otherFormat.path, endpoint.url), {
      method: 'POST',
      headers: { 'X-Other-Signature': signature },
      body: OTHER_TASK_ID,
    });

  it('start the workflow with the format and the secret of each source', async () => {
    const first = await endpoint.post(signedWebhook({ taskId: TASK_ID, secret: 'first secret' }));
    const second = await postOther('second secret');

    expect([first.status, second.status]).toEqual([200, 200]);
    expect(endpoint.events).toMatchObject([
      { taskId: TASK_ID, isVerified: true },
      { taskId: OTHER_TASK_ID, isVerified: true },
    ]);
  });

  it('answer 401 to a signature with the secret of the other source', async () => {
    const first = await endpoint.post(signedWebhook({ taskId: TASK_ID, secret: 'second secret' }));
    const second = await postOther('first secret');

    expect([first.status, second.status]).toEqual([401, 401]);
    expect(endpoint.events).toEqual([]);
  });
});
