import type { IncomingMessage, ServerResponse } from 'node:http';
import { webhookExamination } from '../../src/doctor/webhook';
import { type Listener, listenHttp } from '../../tools/sandbox/network/listen-http';
import { examine, troubles } from '../support/examine';
import { fetch } from '../support/recorded-fetch';
import { startWebhookEndpoint, type WebhookEndpoint } from '../support/webhook-endpoint';

const CURRENT = 'current-secret';
const PREVIOUS = 'previous-secret';

let endpoint: WebhookEndpoint | undefined;
let proxy: Listener | undefined;
afterEach(async () => {
  await Promise.all([endpoint?.close(), proxy?.close()]);
  endpoint = proxy = undefined;
});

async function startApi(webhookSecrets: string[]): Promise<string> {
  endpoint = await startWebhookEndpoint({ webhookSecrets });
  return `http://127.0.0.1:${endpoint.port}`;
}

const examineWebhook = (publicBaseUrl: string | undefined, ...secrets: string[]) =>
  examine(webhookExamination({ publicBaseUrl, secrets }));

describe('the doctor on the webhook', () => {
  it('recognizes our endpoint, says that the key is accepted, and starts nothing', async () => {
    const url = await startApi([CURRENT]);

    const findings = await examineWebhook(url, CURRENT);

    expect(findings.map(({ check, status }) => `${check} ${status}`).sort()).toEqual([
      'WEBHOOK_SECRET_KEY ok',
      'endpoint ok',
      'large body ok',
    ]);
    expect(endpoint?.events).toEqual([]);
    expect(await endpoint?.answers()).toEqual({
      event_type_not_supported: 2,
      signature_invalid: 1,
    });
  });

  it('warns while the API still accepts the previous key', async () => {
    const url = await startApi([CURRENT, PREVIOUS]);

    const findings = await examineWebhook(url, CURRENT, PREVIOUS);

    expect(troubles(findings)).toEqual([
      'warning WEBHOOK_SECRET_KEY_PREVIOUS: the API still accepts the previous key',
    ]);
  });

  it('skips the checks without PUBLIC_BASE_URL', async () => {
    expect(await examineWebhook(undefined, CURRENT)).toMatchObject([
      { status: 'skipped', remedy: expect.stringContaining('PUBLIC_BASE_URL') },
    ]);
  });

  it('finds an API with another key', async () => {
    const url = await startApi(['another-secret']);

    const findings = await examineWebhook(url, CURRENT);

    expect(troubles(findings)).toEqual([
      'failure WEBHOOK_SECRET_KEY: the API refuses a webhook that is signed with WEBHOOK_SECRET_KEY',
    ]);
  });

  it('finds an API that checks no signature', async () => {
    const url = await startApi([]);

    expect(troubles(await examineWebhook(url, CURRENT))).toEqual([
      expect.stringMatching(
        /^failure endpoint: .* is ours, and takes webhooks with any signature$/,
      ),
    ]);
  });

  it('only warns of it if this machine has no key either', async () => {
    const url = await startApi([]);

    expect(troubles(await examineWebhook(url))).toEqual([
      expect.stringMatching(/^warning endpoint: /),
    ]);
  });

  it('lets a large body through to an API with a key, without one of its own', async () => {
    const findings = await examineWebhook(await startApi([CURRENT]));

    expect(findings.map(({ check, status }) => `${check} ${status}`)).toEqual([
      'endpoint ok',
      'large body ok',
    ]);
  });

  it('finds a proxy that breaks off a large body', async () => {
    const url = await startApi([CURRENT]);
    proxy = await listenHttp((request, response) => {
      if (Number(request.headers['content-length']) > 2 ** 20) request.socket.destroy();
      else void pass(url, request, response);
    });

    const findings = await examineWebhook(`http://127.0.0.1:${proxy.port}`, CURRENT);

    expect(troubles(findings)).toEqual([
      expect.stringMatching(/^failure large body: .* cannot be reached from here \(/),
    ]);
  });

  it('finds that nothing listens', async () => {
    const [finding] = await examineWebhook('http://127.0.0.1:2', CURRENT);

    expect(finding).toMatchObject({
      status: 'failure',
      what: expect.stringContaining('cannot be reached from here (ECONNREFUSED)'),
      remedy: expect.stringContaining('PUBLIC_BASE_URL'),
    });
  });

  it.each<[what: string, status: number, headers: Record<string, string>, remedy: RegExp]>([
    ['has no such route', 404, {}, /Correct PUBLIC_BASE_URL/],
    ['wants a login of its own', 401, {}, /without a login of its own/],
    ['sends on elsewhere', 301, { Location: 'https://www.sender.example/x' }, /final URL/],
    ['does not reach the API', 502, {}, /Start `bulk-notify api`/],
    ['answers everything with 200', 200, {}, /Correct PUBLIC_BASE_URL/],
  ])('finds a proxy that %s', async (_what, status, headers, remedy) => {
    proxy = await listenHttp(
      (_request, response) => void response.writeHead(status, headers).end(),
    );

    const findings = await examineWebhook(`http://127.0.0.1:${proxy.port}`, CURRENT);

    expect(findings).toMatchObject([
      { check: 'endpoint', status: 'failure', remedy: expect.stringMatching(remedy) },
    ]);
  });

  it('finds a proxy that refuses large bodies, as nginx does by default', async () => {
    const url = await startApi([CURRENT]);
    proxy = await listenHttp((request, response) => pass(url, request, response));

    const findings = await examineWebhook(`http://127.0.0.1:${proxy.port}`, CURRENT);

    expect(troubles(findings)).toEqual(['failure large body: a body of 2 MiB is answered 413']);
    expect(findings.at(-1)?.remedy).toMatch(/client_max_body_size/);
  });
});

/** Passes a request to the API; a body above 1 MiB is refused. */
async function pass(url: string, request: IncomingMessage, response: ServerResponse) {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  if (body.length > 2 ** 20) return void response.writeHead(413).end();
  const answer = await fetch(url + request.url, {
    method: 'POST',
    headers: { 'x-webhook-signature': String(request.headers['x-webhook-signature']) },
    body: new Uint8Array(body),
  });
  response.writeHead(answer.status).end(Buffer.from(await answer.arrayBuffer()));
}
