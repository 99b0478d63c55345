import { createHmac } from 'node:crypto';
import { request } from 'node:http';
import { gzipSync } from 'node:zlib';
import { signedWebhook } from '../../tools/sandbox/provider/signed-webhook';
import { boltRouteFormat } from '../../src/webhook/boltroute-format';
import type { NotificationStatus } from '../../workflows/notification/messages';
import { workflowId } from '../../workflows/core/workflow-id';
import { eventually } from '../support/eventually';
import { head, rawConnection, type RawConnection } from '../support/raw-request';
import { fetch } from '../support/recorded-fetch';
import { startWebhookEndpoint, type WebhookEndpoint } from '../support/webhook-endpoint';

const TASK_ID = '550e8400-e29b-41d4-a716-446655440000';
const COMPLETED_ID = workflowId(TASK_ID, 'completed');
const SECRET = 'current secret';
const PREVIOUS = 'previous secret';
const MIB = 2 ** 20;

const ACCEPTED = {
  received: true,
  processed: true,
  task_id: TASK_ID,
  outcome: 'completed',
  workflow_id: COMPLETED_ID,
};
const DUPLICATE = {
  received: true,
  processed: false,
  reason: 'duplicate_or_not_recorded',
};
const UNAVAILABLE = { detail: 'Temporarily unavailable', code: 'unavailable' };
const INVALID_PAYLOAD = { detail: 'Invalid webhook payload', code: 'invalid_payload' };

let endpoint: WebhookEndpoint;
let connections: RawConnection[] = [];

afterEach(async () => {
  connections.forEach((connection) => connection.close());
  connections = [];
  await endpoint.close();
});

async function open(): Promise<RawConnection> {
  const connection = await rawConnection(endpoint.port);
  connections.push(connection);
  return connection;
}

const post = (...headers: string[]) => head(`POST ${boltRouteFormat.path}`, headers);
const hmac = (body: Buffer, secret = SECRET) =>
  `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
/** Bytes and a signature of them. */
const signed = (body: Buffer, secret = SECRET) => ({
  body,
  headers: { 'X-Webhook-Signature': hmac(body, secret) },
});
const payload = (change: object) => ({
  body: Buffer.from(
    JSON.stringify({
      event_type: 'email_verification_completed',
      task_id: TASK_ID,
      data: { stats: {}, jobs: [] },
      ...change,
    }),
  ),
  headers: {},
});

/** Sends headers as a list, so that a name may come twice. */
function postTwice(signatures: string[], body: Buffer): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const headers = { 'X-Webhook-Signature': signatures };
    request(endpoint.url, { method: 'POST', headers, agent: false }, (response) => {
      response.resume().once('end', () => resolve(response.statusCode));
    })
      .once('error', reject)
      .end(body);
  });
}

describe(`POST ${boltRouteFormat.path}`, () => {
  it.each([
    ['completed', 0],
    ['failed', 1],
  ] as const)(
    'starts the workflow and answers 200 for an upload that %s',
    async (outcome, failed) => {
      endpoint = await startWebhookEndpoint();

      const answer = await endpoint.post(signedWebhook({ taskId: TASK_ID, total: 3, failed }));

      const id = workflowId(TASK_ID, outcome);
      expect(answer).toMatchObject({
        status: 200,
        body: { ...ACCEPTED, outcome, workflow_id: id },
      });
      expect(endpoint.events).toEqual([
        {
          taskId: TASK_ID,
          userId: undefined,
          stats: { total: 3, completed: 3 - failed, failed },
          jobCount: 3,
          isVerified: false,
        },
      ]);
    },
  );

  it('answers 200 with a reason when the workflow was already started', async () => {
    endpoint = await startWebhookEndpoint({
      start: async () => ({
        workflowId: COMPLETED_ID,
        runId: undefined,
        outcome: 'completed',
        duplicate: true,
      }),
    });

    const answer = await endpoint.post(signedWebhook({ taskId: TASK_ID }));

    expect(answer).toMatchObject({ status: 200, body: DUPLICATE });
  });

  it.each<[string, object, string]>([
    ['another event', { event_type: 'other' }, 'event_type_not_supported'],
    ['a task ID that is not a UUID', { task_id: '../credits/balance' }, 'task_id_missing'],
    ['a webhook about one address of a task', { data: { job: {} } }, 'not_task_completion'],
    ['no data', { data: undefined }, 'not_task_completion'],
  ])('answers 200 with a reason and starts nothing for %s', async (_what, change, reason) => {
    endpoint = await startWebhookEndpoint();

    const answer = await endpoint.post(payload(change));

    expect(answer).toMatchObject({ status: 200 });
    expect(answer.body).toEqual({ received: true, processed: false, reason });
    expect(endpoint.events).toEqual([]);
  });

  it.each([
    ['an empty body', Buffer.alloc(0)],
    ['a body that is not JSON', Buffer.from('{')],
    ['a body that is not UTF-8', Buffer.from([0x22, 0xff, 0x22])],
    ['a list', Buffer.from('[]')],
    ['a form', Buffer.from('event_type=email_verification_completed')],
  ])('answers 400 for %s', async (_what, body) => {
    endpoint = await startWebhookEndpoint();

    const answer = await endpoint.post({ body, headers: {} });

    expect(answer).toMatchObject({ status: 400 });
    expect(answer.body).toEqual(INVALID_PAYLOAD);
  });

  it.each(['text/plain', 'application/octet-stream', 'application/json; charset=utf-16', ''])(
    'accepts JSON with the content type %j',
    async (type) => {
      endpoint = await startWebhookEndpoint();
      const { body, headers } = signedWebhook({ taskId: TASK_ID });

      const answer = await endpoint.post({ body, headers: { ...headers, 'Content-Type': type } });

      expect(answer.status).toBe(200);
    },
  );

  it('accepts a webhook with 10,000 addresses, the size of the largest file', async () => {
    endpoint = await startWebhookEndpoint({ webhookSecrets: [SECRET] });

    const answer = await endpoint.post(signedWebhook({ total: 10_000, secret: SECRET }));

    expect(answer.status).toBe(200);
    expect(endpoint.events).toMatchObject([{ jobCount: 10_000 }]);
  });

  it('accepts a chunked body that is cut inside a character', async () => {
    endpoint = await startWebhookEndpoint({ webhookSecrets: [SECRET] });
    const { body } = payload({ note: 'Größe' });
    const cut = body.indexOf(0xc3) + 1;
    const chunk = (part: Buffer) =>
      Buffer.concat([Buffer.from(`${part.length.toString(16)}\r\n`), part, Buffer.from('\r\n')]);
    const connection = await open();

    connection.send(
      post(`X-Webhook-Signature: ${hmac(body)}`, 'Transfer-Encoding: chunked', 'Connection: close'),
    );
    connection.send(chunk(body.subarray(0, cut)));
    connection.send(chunk(body.subarray(cut)));
    connection.send('0\r\n\r\n');

    expect(await connection.ended()).toMatch(/^HTTP\/1\.1 200 /);
  });

  describe('with a secret', () => {
    it.each([
      ['the current one', SECRET, { current: 1 }],
      ['the previous one', PREVIOUS, { previous: 1 }],
    ])(
      'answers 200 for a body signed with %s, and counts the secret',
      async (_what, secret, counted) => {
        endpoint = await startWebhookEndpoint({ webhookSecrets: [SECRET, PREVIOUS] });

        const answer = await endpoint.post(signedWebhook({ taskId: TASK_ID, secret }));

        expect(answer.status).toBe(200);
        expect(await endpoint.signatures()).toEqual(counted);
      },
    );

    it('does not count the secret of an event that it does not know', async () => {
      endpoint = await startWebhookEndpoint({ webhookSecrets: [SECRET] });

      const answer = await endpoint.post(signed(Buffer.from('{"event_type":"doctor"}')));

      expect(answer.status).toBe(200);
      expect(await endpoint.signatures()).toEqual({});
    });

    const MISSING = { detail: 'Missing webhook signature', code: 'signature_missing' };
    const INVALID = { detail: 'Invalid webhook signature', code: 'signature_invalid' };
    const other = hmac(Buffer.from('{}'));

    it.each<[string, Record<string, string>, object]>([
      ['is missing', {}, MISSING],
      ['is empty', { 'X-Webhook-Signature': '' }, MISSING],
      ['is blank', { 'X-Webhook-Signature': ' \t ' }, MISSING],
      ['is in another header', { 'X-Signature': other }, MISSING],
      ['is for another body', { 'X-Webhook-Signature': other }, INVALID],
      ['is not a digest', { 'X-Webhook-Signature': 'sha256=zz12' }, INVALID],
      ['is not ASCII', { 'X-Webhook-Signature': 'sha256=é' }, INVALID],
    ])('answers 401 when the signature %s', async (_what, headers, body) => {
      endpoint = await startWebhookEndpoint({ webhookSecrets: [SECRET] });

      const answer = await endpoint.post({ ...payload({}), headers });

      expect(answer).toMatchObject({ status: 401 });
      expect(answer.body).toEqual(body);
      expect([endpoint.events, await endpoint.signatures()]).toEqual([[], {}]);
    });

    it('answers 401 when the signature was made with another secret', async () => {
      endpoint = await startWebhookEndpoint({ webhookSecrets: [SECRET] });

      const answer = await endpoint.post(signedWebhook({ secret: `${SECRET} ` }));

      expect(answer.status).toBe(401);
    });

    it.each<[string, Buffer, number]>([
      ['a byte order mark', Buffer.concat([Buffer.from('\ufeff'), payload({}).body]), 400],
      ['a byte that is not UTF-8', Buffer.from([0x7b, 0xff, 0x7d]), 400],
      ['a line end after the JSON', Buffer.concat([payload({}).body, Buffer.from('\r\n')]), 200],
      ['spaces in the JSON', Buffer.from(payload({}).body.toString().replaceAll(':', ' : ')), 200],
    ])('verifies the bytes as they were sent, with %s', async (_what, body, status) => {
      endpoint = await startWebhookEndpoint({ webhookSecrets: [SECRET] });

      const answer = await endpoint.post(signed(body));

      expect(answer.status).toBe(status);
    });

    it('answers 401, not 400, when both the signature and the body are invalid', async () => {
      endpoint = await startWebhookEndpoint({ webhookSecrets: [SECRET] });

      const answer = await endpoint.post(signed(Buffer.from('{'), 'wrong'));

      expect(answer.status).toBe(401);
    });

    it.each<[string, (right: string) => string[], number]>([
      ['valid and invalid', (right) => [right, other], 200],
      ['invalid and valid', (right) => [other, right], 401],
      ['empty and valid', (right) => ['', right], 401],
    ])('uses only the first of two signature headers: %s', async (_what, signatures, status) => {
      endpoint = await startWebhookEndpoint({ webhookSecrets: [SECRET] });
      const { body } = payload({});

      const answered = await postTwice(signatures(hmac(body)), body);

      expect(answered).toBe(status);
    });
  });

  describe('without a secret', () => {
    it('accepts any signature', async () => {
      endpoint = await startWebhookEndpoint();

      const answer = await endpoint.post(signedWebhook({ secret: 'any' }));

      expect(answer.status).toBe(200);
      expect(await endpoint.signatures()).toEqual({});
    });
  });

  describe('with Prefer: wait', () => {
    const status = (change: Partial<NotificationStatus>): NotificationStatus => ({
      taskId: TASK_ID,
      outcome: 'completed',
      state: 'sent',
      userId: 'the-user',
      fileName: 'leads.csv',
      emailCount: 3,
      relayReply: '250 queued for jane@example.org',
      ...change,
    });
    const preferring = (prefer: string) => {
      const { body, headers } = signedWebhook({ taskId: TASK_ID });
      return endpoint.post({ body, headers: { ...headers, Prefer: prefer } });
    };
    const processed = { ...ACCEPTED, file_name: 'leads.csv', email_count: 3 };
    const without = (reason: string) => ({
      received: true,
      processed: false,
      reason,
      workflow_id: COMPLETED_ID,
    });

    it.each<[string, Partial<NotificationStatus>, object]>([
      ['sent', {}, processed],
      [
        'sent for the other outcome',
        { outcome: 'failed' },
        { ...processed, outcome: 'failed', workflow_id: workflowId(TASK_ID, 'failed') },
      ],
      ['parked', { state: 'parked', reason: 'recipient_missing' }, without('recipient_missing')],
      ['refused', { state: 'parked', reason: 'refused' }, without('refused')],
      [
        'not to be sent',
        { state: 'nothing_to_send', reason: 'not_file_backed' },
        without('not_file_backed'),
      ],
    ])('answers with the result when the notification was %s', async (_what, change, body) => {
      endpoint = await startWebhookEndpoint({ waitUntilSettled: async () => status(change) });

      const answer = await preferring('wait=10');

      expect(answer.status).toBe(200);
      expect(answer.headers.get('Preference-Applied')).toBe('wait=10');
      expect(answer.body).toEqual(body);
    });

    it('stops waiting when the client disconnects', async () => {
      let isAwaited = () => true;
      endpoint = await startWebhookEndpoint({
        async waitUntilSettled(_id, _milliseconds, asked) {
          isAwaited = asked;
          await eventually(() => !asked());
          return undefined;
        },
      });
      const leaving = new AbortController();
      const { body } = signedWebhook();
      const request = fetch(endpoint.url, {
        method: 'POST',
        body: new Uint8Array(body),
        headers: { Prefer: 'wait=10' },
        signal: leaving.signal,
      });
      await eventually(() => endpoint.events.length === 1);
      const before = isAwaited();

      leaving.abort();

      await expect(request).rejects.toThrow('aborted');
      await eventually(() => !isAwaited());
      expect(before).toBe(true);
    });

    it('answers that the webhook was accepted when the wait times out', async () => {
      endpoint = await startWebhookEndpoint();

      const answer = await preferring('wait=10');

      expect(answer.body).toEqual(ACCEPTED);
      expect(answer.headers.get('Preference-Applied')).toBe('wait=10');
    });

    it.each<[string, number]>([
      ['wait=0', 0],
      ['wait=1', 1],
      ['wait=30', 30],
      ['wait=31', 30],
      [`wait=${'9'.repeat(400)}`, 30],
      ['WAIT = 5', 5],
      ['wait="5"', 5],
      ['wait=5; reason=curl', 5],
      ['respond-async, wait=5', 5],
      ['wait=5, wait=7', 5],
    ])('for the preference %j waits %i seconds', async (prefer, seconds) => {
      endpoint = await startWebhookEndpoint();

      const answer = await preferring(prefer);

      expect(answer.headers.get('Preference-Applied')).toBe(`wait=${seconds}`);
      expect(endpoint.waits).toEqual([[COMPLETED_ID, seconds * 1_000]]);
    });

    it.each([
      'wait',
      'wait=',
      'wait=soon',
      'wait=-1',
      'wait=1.5',
      'await=5',
      'respond-async; wait=5',
    ])('answers immediately for the preference %j', async (prefer) => {
      endpoint = await startWebhookEndpoint();

      const answer = await preferring(prefer);

      expect(answer.body).toEqual(ACCEPTED);
      expect(answer.headers.has('Preference-Applied')).toBe(false);
      expect(endpoint.waits).toEqual([]);
    });

    it('answers a duplicate immediately', async () => {
      endpoint = await startWebhookEndpoint({
        start: async () => ({
          workflowId: COMPLETED_ID,
          runId: undefined,
          outcome: 'completed',
          duplicate: true,
        }),
      });

      const answer = await preferring('wait=10');

      expect(answer.body).toEqual(DUPLICATE);
      expect(endpoint.waits).toEqual([]);
    });
  });

  describe('when the workflow cannot be started', () => {
    const fault = Object.assign(new Error('14 UNAVAILABLE: jane@example.org at 10.0.0.1'), {
      code: 14,
      status: 418,
      expose: true,
    });

    it.each([
      ['rejects', async () => Promise.reject(fault)],
      [
        'throws',
        () => {
          throw fault;
        },
      ],
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
      ['rejects with a string', async () => Promise.reject('jane@example.org')],
      ['rejects with undefined', async () => Promise.reject(undefined as unknown as Error)],
    ])(
      'answers 503 with Retry-After and no detail of the failure: start %s',
      async (_what, start) => {
        endpoint = await startWebhookEndpoint({ start });

        const answer = await endpoint.post(signedWebhook());

        expect(answer.status).toBe(503);
        expect(answer.headers.get('Retry-After')).toBe('5');
        expect(answer.body).toEqual(UNAVAILABLE);
        expect(await endpoint.answers()).toEqual({ unavailable: 1 });
        expect(endpoint.log.events()).toEqual(['http.failed']);
        expect(endpoint.log.text()).not.toContain('jane');
      },
    );
  });

  describe('with a body of another encoding or size', () => {
    const TOO_LARGE = { detail: 'The body is too large', code: 'payload_too_large' };

    it.each(['gzip', 'br', 'deflate', 'gzip, identity'])(
      'answers 415 for the content encoding %s',
      async (encoding) => {
        endpoint = await startWebhookEndpoint();
        const { body, headers } = signedWebhook();

        const answer = await endpoint.post({
          body: gzipSync(body),
          headers: { ...headers, 'Content-Encoding': encoding },
        });

        expect(answer.status).toBe(415);
        expect(answer.body).toEqual({
          detail: 'Content-Encoding must be identity',
          code: 'encoding_not_supported',
        });
      },
    );

    it.each(['identity', ' Identity '])('accepts the content encoding %j', async (encoding) => {
      endpoint = await startWebhookEndpoint();
      const { body, headers } = signedWebhook();

      const answer = await endpoint.post({
        body,
        headers: { ...headers, 'Content-Encoding': encoding },
      });

      expect(answer.status).toBe(200);
    });

    it('answers 413 when 33 MiB are declared, and closes the connection', async () => {
      endpoint = await startWebhookEndpoint();
      const connection = await open();

      connection.send(post(`Content-Length: ${33 * MIB}`));

      const answer = await connection.ended();
      expect(answer).toMatch(/^HTTP\/1\.1 413 /);
      expect(answer).toContain(JSON.stringify(TOO_LARGE));
    });

    it('answers 413 when more than 32 MiB arrive in chunks, and closes the connection', async () => {
      endpoint = await startWebhookEndpoint();
      const connection = await open();

      connection.send(post('Transfer-Encoding: chunked'));
      connection.send(`${(33 * MIB).toString(16)}\r\n`);
      connection.send(Buffer.alloc(32 * MIB + 1, ' '));

      const answer = await connection.ended();
      expect(answer).toMatch(/^HTTP\/1\.1 413 /);
      expect(answer).toContain(JSON.stringify(TOO_LARGE));
    });

    it('accepts 32 MiB', async () => {
      endpoint = await startWebhookEndpoint({ webhookSecrets: [SECRET] });
      const body = Buffer.alloc(32 * MIB, ' ');
      payload({}).body.copy(body);

      const answer = await endpoint.post(signed(body));

      expect(answer.status).toBe(200);
    });

    it('accepts a webhook while idle senders have announced large bodies', async () => {
      endpoint = await startWebhookEndpoint();
      const senders = await Promise.all(Array.from({ length: 8 }, open));
      for (const sender of senders) {
        sender.send(post(`Content-Length: ${32 * MIB}`, 'Expect: 100-continue'));
        await sender.until(/^HTTP\/1\.1 100 /);
      }

      const taken = await endpoint.post(signedWebhook());
      senders.forEach((sender) => sender.close());

      expect(taken.status).toBe(200);
    });
  });

  it.each([
    ['a body', `${post(`Content-Length: ${32 * MIB}`)}{`],
    ['a chunk', `${post('Transfer-Encoding: chunked')}ffff\r\n{`],
    ['the size of a chunk', `${post('Transfer-Encoding: chunked')}1\r\n{\r\n1`],
  ])('answers 503 to %s that arrives byte by byte', async (_what, beginning) => {
    endpoint = await startWebhookEndpoint({ bodyLimits: { windowMs: 200 } });
    const sender = await open();
    sender.send(beginning);
    const trickle = setInterval(() => sender.send('0'), 20);

    const answer = await sender.until(/\}$/);
    clearInterval(trickle);

    expect(answer).toMatch(/^HTTP\/1\.1 503 .*\r\nRetry-After: 5\r\n.*"unavailable"\}$/s);
  });

  it.each<[string, string, RegExp]>([
    ['text that is not HTTP', 'hello\r\n\r\n', /^HTTP\/1\.1 400 /],
    [
      'two Content-Length headers',
      post('Content-Length: 1', 'Content-Length: 2'),
      /^HTTP\/1\.1 400 /,
    ],
    [
      'Content-Length with chunked encoding',
      post('Content-Length: 1', 'Transfer-Encoding: chunked'),
      /^HTTP\/1\.1 400 /,
    ],
    ['headers of 20 KB', post(`X-Large: ${'x'.repeat(20_000)}`), /^HTTP\/1\.1 431 /],
  ])('refuses %s and closes the connection', async (_what, text, answer) => {
    endpoint = await startWebhookEndpoint();
    const connection = await open();

    connection.send(text);

    expect(await connection.ended()).toMatch(answer);
  });

  it.each(['GET', 'PUT', 'PATCH', 'DELETE'])('answers 405 to %s', async (method) => {
    endpoint = await startWebhookEndpoint();

    const response = await fetch(endpoint.url, { method });

    expect(response.status).toBe(405);
    expect(response.headers.get('Allow')).toBe('POST');
    expect(await response.json()).toEqual({
      detail: 'Method not allowed',
      code: 'method_not_allowed',
    });
  });

  it.each(['/', '/api/tasks/webhooks', `${boltRouteFormat.path}/1`, `/${boltRouteFormat.path}`])(
    'answers 404 for the path %s',
    async (path) => {
      endpoint = await startWebhookEndpoint();

      const response = await fetch(new URL(`http://127.0.0.1:${endpoint.port}${path}`), {
        method: 'POST',
        body: '{}',
      });

      expect(response.status).toBe(404);
      expect(await response.json()).toEqual({ detail: 'Not found', code: 'not_found' });
    },
  );

  it('counts its answers', async () => {
    endpoint = await startWebhookEndpoint({ webhookSecrets: [SECRET] });

    await endpoint.post(signedWebhook({ secret: SECRET }));
    await endpoint.post(signedWebhook({ secret: SECRET }));
    await endpoint.post(signed(payload({ event_type: 'other' }).body));
    await endpoint.post(signed(payload({ task_id: 'x' }).body));
    await endpoint.post(signed(payload({ data: {} }).body));
    await endpoint.post(signed(Buffer.from('[]')));
    await endpoint.post(signed(Buffer.from('[]'), 'wrong'));
    await endpoint.post(payload({}));

    expect(await endpoint.answers()).toEqual({
      accepted: 2,
      event_type_not_supported: 1,
      task_id_missing: 1,
      not_task_completion: 1,
      invalid_payload: 1,
      signature_invalid: 1,
      signature_missing: 1,
    });
  });

  describe('its log lines', () => {
    const failed = signedWebhook({ taskId: TASK_ID, total: 3, failed: 1, secret: SECRET });
    const changed = (change: object) =>
      signed(Buffer.from(JSON.stringify({ ...JSON.parse(failed.body.toString()), ...change })));

    it.each<[string, { body: Buffer; headers: Record<string, string> }]>([
      ['signature_missing', { body: failed.body, headers: {} }],
      ['signature_invalid', signed(failed.body, 'wrong')],
      ['payload_invalid', signed(Buffer.concat([failed.body, failed.body]))],
      ['event_ignored', changed({ event_type: 'other jane@example.org' })],
      ['task_id_missing', changed({ task_id: 'jane@example.org' })],
      ['per_email_ignored', changed({ data: { job: { email_address: 'jane@example.org' } } })],
      ['accepted', failed],
    ])('log %s and nothing from the body', async (key, webhook) => {
      endpoint = await startWebhookEndpoint({ webhookSecrets: [SECRET] });

      await endpoint.post(webhook);

      expect(endpoint.log.events()).toEqual([`bulk_upload_notification.${key}`]);
      expect(endpoint.log.text()).not.toMatch(/@|sha256|stats|email_verification_completed/);
    });

    it.each([
      ['accepted', false, 'the-run'],
      ['duplicate_or_not_recorded', true, undefined],
    ])(
      'name the event and its workflow for a webhook that is %s',
      async (key, duplicate, runId) => {
        endpoint = await startWebhookEndpoint({
          start: async () => ({ workflowId: COMPLETED_ID, runId, outcome: 'completed', duplicate }),
        });

        await endpoint.post(signedWebhook({ taskId: TASK_ID }));

        expect(endpoint.log.lines()).toEqual([
          {
            level: 'info',
            time: expect.any(String) as string,
            event: `bulk_upload_notification.${key}`,
            event_id: COMPLETED_ID,
            workflow_id: COMPLETED_ID,
            ...(runId && { run_id: runId }),
          },
        ]);
      },
    );
  });
});

describe('the acknowledgement time', () => {
  it('counts accepted and refused webhooks, without the wait that was preferred', async () => {
    let release: (status: undefined) => void = () => {};
    const released = new Promise<undefined>((resolve) => (release = resolve));
    let isWaiting = false;
    endpoint = await startWebhookEndpoint({
      waitUntilSettled() {
        isWaiting = true;
        return released;
      },
    });

    const preferring = endpoint.post({ ...payload({}), headers: { Prefer: 'wait=1' } });
    await eventually(() => isWaiting);
    await endpoint.post({ body: Buffer.from('{'), headers: {} });
    const meanwhile = await endpoint.acknowledged();
    release(undefined);
    await preferring;

    expect(meanwhile.count).toBe(2);
    expect(await endpoint.acknowledged()).toEqual(meanwhile);
  });

  it('counts the 503 when the notification cannot be started', async () => {
    endpoint = await startWebhookEndpoint({ start: () => Promise.reject(new Error('down')) });

    await endpoint.post({ ...payload({}), headers: {} });

    expect((await endpoint.acknowledged()).count).toBe(1);
  });

  it('does not count a webhook that was not read', async () => {
    endpoint = await startWebhookEndpoint({ webhookSecrets: [SECRET] });

    await endpoint.post({ ...payload({}), headers: {} });

    expect((await endpoint.acknowledged()).count).toBe(0);
  });
});
