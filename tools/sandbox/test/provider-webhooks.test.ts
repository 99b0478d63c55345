import { execFile } from 'node:child_process';
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { listenHttp, type Listener } from '../network/listen-http';
import { startProvider, type Provider, type ProviderOptions } from '../provider/provider';
import type { TaskOverrides } from '../provider/provider-task';
import { retryWaitMs } from '../provider/retry-wait';
import { matchingSecret } from '../../../src/webhook/signature';
import { reservePort } from '../network/reserve-port';
import { until } from '../until';

const DIST = join(__dirname, '../../../dist/tools/sandbox/provider/provider.js');
const SECRET = 'the secret';
const USER_ID = '1b671a64-40d5-491e-99b0-da01ff1f3341';

interface Received {
  headers: IncomingHttpHeaders;
  body: Buffer;
  at: number;
}

type Answer = (response: ServerResponse) => void;

const status =
  (code: number, headers: Record<string, string> = {}): Answer =>
  (response) =>
    void response.writeHead(code, headers).end();
const silence: Answer = () => {};
const hangUp: Answer = (response) => void response.destroy();

let received: Received[];
let answers: Answer[];
let receiver: Listener;
let provider: Provider | undefined;

beforeEach(async () => {
  received = [];
  answers = [];
  receiver = await listenHttp(
    async (request, response) => {
      const at = performance.now();
      received.push({ headers: request.headers, body: await buffer(request), at });
      (answers.shift() ?? status(200))(response);
    },
    await reservePort(),
  );
});

afterEach(async () => {
  await provider?.stop();
  await receiver.close();
});

const hook = () => `http://127.0.0.1:${receiver.port}/hook`;

async function startSender(options: ProviderOptions = {}) {
  const webhookRules = { backoffMs: 1, timeoutMs: 10_000, ...options.webhookRules };
  provider = await startProvider({ webhookSecret: SECRET, ...options, webhookRules });
  return provider;
}

/** A task that becomes final now. */
function finish(sender: Provider, overrides: TaskOverrides = {}, end?: 'completed' | 'failed') {
  const task = sender.addTask({
    webhook_url: hook(),
    ...overrides,
    file: { status: 'processing', ...overrides.file },
  });
  sender.setStatus(task.id, end ?? 'completed');
  return task;
}

const taskOf = (body: Buffer): string => JSON.parse(body.toString()).task_id;

const ended = ({ deliveries }: Provider) =>
  until('all deliveries have ended', () => deliveries.every((delivery) => delivery.ended));

const answersOf = ({ deliveries }: Provider) =>
  deliveries.map(({ attempts }) => attempts.map(({ answer }) => answer));

describe('the completion webhook', () => {
  it('is sent once, with the task’s counts, when the task becomes final', async () => {
    const sender = await startSender();

    const task = finish(sender, { user_id: USER_ID, file: { email_count: 5 } });
    await ended(sender);

    expect(sender.deliveries).toEqual([
      {
        taskId: task.id,
        uploadId: task.file!.upload_id,
        url: hook(),
        attempts: [
          {
            answer: 200,
            body: '',
            time: expect.any(Date),
            webhookId: expect.any(String),
            signature: expect.any(String),
          },
        ],
        ended: 'acknowledged',
      },
    ]);
    const event = JSON.parse(received[0]!.body.toString());
    expect(event).toMatchObject({
      event_type: 'email_verification_completed',
      task_id: task.id,
      upload_id: task.file!.upload_id,
      completed_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      data: { user_id: USER_ID, stats: { total: 5, completed: 5, failed: 0 } },
    });
    expect(event.data.jobs).toHaveLength(5);
  });

  it('of a failed task says so', async () => {
    const sender = await startSender();

    finish(sender, {}, 'failed');
    await ended(sender);

    const { data } = JSON.parse(received[0]!.body.toString());
    expect(data.stats).toMatchObject({ total: 3, completed: 2, failed: 1 });
  });

  it('is signed over the bytes that arrive, again and again under a new ID', async () => {
    answers = [status(503), status(503)];
    const sender = await startSender();

    finish(sender);
    await ended(sender);

    expect(received).toHaveLength(3);
    for (const { headers, body } of received) {
      expect(headers).toMatchObject({
        'content-type': 'application/json',
        'content-length': String(body.length),
        'user-agent': 'EmailVerification/1.0',
        'x-webhook-timestamp': expect.stringMatching(/^\d{10}$/),
      });
      expect(matchingSecret(body, String(headers['x-webhook-signature']), [SECRET])).toBe(0);
      expect(body).toEqual(received[0]!.body);
    }
    const ids = received.map(({ headers }) => headers['x-webhook-id']);
    expect(new Set(ids).size).toBe(3);
    expect(sender.deliveries[0]!.attempts.map(({ webhookId }) => webhookId)).toEqual(ids);
  });

  it('has no signature without a secret', async () => {
    const sender = await startSender({ webhookSecret: undefined });

    finish(sender);
    await ended(sender);

    expect(received[0]!.headers).not.toHaveProperty('x-webhook-signature');
  });

  it('is not sent for a task that was final from the start, changes later or has no URL', async () => {
    const sender = await startSender();

    const { id } = sender.addTask({ webhook_url: hook() });
    sender.setStatus(id, 'failed');
    finish(sender, { webhook_url: undefined });
    await sender.stop();

    expect(sender.deliveries).toEqual([]);
  });

  it('comes after an upload, each file in its own time', async () => {
    const times = new Map([
      ['later.txt', 60_000],
      ['slow.txt', 100],
      ['quick.txt', 0],
    ]);
    const sender = await startSender({ processingMs: (filename) => times.get(filename) });

    await upload(sender, 'later.txt');
    await upload(sender, 'never.txt');
    const quick = await upload(sender, 'quick.txt');
    const begun = performance.now();
    const slow = await upload(sender, 'slow.txt');
    await until('two have come', () => received.length === 2);

    const cameAt = new Map(received.map(({ body, at }) => [taskOf(body), at]));
    expect([...cameAt.keys()].sort()).toEqual([quick, slow].sort());
    expect(cameAt.get(slow)! - begun).toBeGreaterThanOrEqual(99);
  });

  it('of a hundred tasks at once comes a hundred times', async () => {
    const sender = await startSender();

    const tasks = Array.from({ length: 100 }, () => finish(sender));
    await ended(sender);

    expect(new Set(received.map(({ body }) => taskOf(body)))).toEqual(
      new Set(tasks.map(({ id }) => id)),
    );
    expect(received).toHaveLength(100);
  });
});

describe('an answer', () => {
  it.each([200, 201, 202, 204, 299])('%i acknowledges', async (code) => {
    answers = [status(code)];
    const sender = await startSender();

    finish(sender);
    await ended(sender);

    expect(sender.deliveries).toMatchObject([{ ended: 'acknowledged' }]);
    expect(answersOf(sender)).toEqual([[code]]);
  });

  it.each([301, 302, 304, 400, 401, 403, 404, 408, 409, 410, 413, 415, 422, 500, 501, 505])(
    '%i is the last word',
    async (code) => {
      answers = [status(code, { Location: hook(), 'Retry-After': '0' })];
      const sender = await startSender();

      finish(sender);
      await ended(sender);

      expect(sender.deliveries).toMatchObject([{ ended: 'refused' }]);
      expect(answersOf(sender)).toEqual([[code]]);
    },
  );

  it.each([
    [429, status(429)],
    [502, status(502)],
    [503, status(503)],
    [504, status(504)],
    ['connection_error', hangUp],
  ])('%s is followed by another attempt', async (what, answer) => {
    answers = [answer];
    const sender = await startSender();

    finish(sender);
    await ended(sender);

    expect(sender.deliveries).toMatchObject([{ ended: 'acknowledged' }]);
    expect(answersOf(sender)).toEqual([[what, 200]]);
  });

  it.each<[string, Answer]>([
    ['never comes', silence],
    ['never ends', (response) => void response.writeHead(200).write('{')],
  ])('that %s is followed by another attempt after the timeout', async (_what, answer) => {
    answers = [answer];
    const sender = await startSender({ webhookRules: { timeoutMs: 200, attempts: 100 } });

    finish(sender);
    await ended(sender);

    expect(sender.deliveries).toMatchObject([{ ended: 'acknowledged' }]);
    const [all = []] = answersOf(sender);
    // While the machine stalls, an attempt that would be answered times out too.
    expect(new Set(all.slice(0, -1))).toEqual(new Set(['timeout']));
    expect(all.at(-1)).toBe(200);
  });

  it('that cannot be delivered is followed by another attempt', async () => {
    const { port } = receiver;
    await receiver.close();
    const sender = await startSender({ webhookRules: { backoffMs: 20, attempts: 20 } });

    finish(sender);
    await until('it was refused', () => answersOf(sender)[0]?.[0] === 'connection_error');
    receiver = await listenHttp((_, response) => void response.end(), port);
    await ended(sender);

    expect(sender.deliveries).toMatchObject([{ ended: 'acknowledged' }]);
  });
});

describe('the wait between attempts', () => {
  it('doubles', async () => {
    answers = [status(503), status(503), status(503)];
    const sender = await startSender({ webhookRules: { backoffMs: 40 } });

    finish(sender);
    await ended(sender);

    const [first, second, third] = waits() as [number, number, number];
    expect(first).toBeGreaterThanOrEqual(39);
    expect(second).toBeGreaterThanOrEqual(79);
    expect(third).toBeGreaterThanOrEqual(159);
  });

  it.each([
    ['in seconds', () => '1'],
    // In whole seconds: at least one of the two is left.
    ['as a date', () => new Date(Date.now() + 2_000).toUTCString()],
  ])('is Retry-After %s', async (_, retryAfter) => {
    answers = [(response) => status(429, { 'Retry-After': retryAfter() })(response)];
    const sender = await startSender();

    finish(sender);
    await ended(sender);

    expect(waits()[0]).toBeGreaterThanOrEqual(990);
    expect(answersOf(sender)).toEqual([[429, 200]]);
  });

  it.each([
    ['soon', 40],
    ['', 40],
    ['0', 0],
    [new Date(0).toUTCString(), 0],
  ])('is not stretched by Retry-After "%s"', (retryAfter, ms) => {
    const answer = { answer: 503, body: '', retryAfter };

    expect(retryWaitMs(answer, 1, { attempts: 6, backoffMs: 40 })).toBe(ms);
  });

  it('ends with the attempts: then the provider gives up', async () => {
    answers = Array.from({ length: 10 }, () => status(503));
    const sender = await startSender({ webhookRules: { attempts: 3 } });

    finish(sender);
    await ended(sender);

    expect(sender.deliveries).toMatchObject([{ ended: 'gave_up' }]);
    expect(answersOf(sender)).toEqual([[503, 503, 503]]);
  });

  const waits = () => received.slice(1).map(({ at }, i) => at - received[i]!.at);
});

describe('loseWebhooks', () => {
  it('never sends the next so many', async () => {
    const sender = await startSender();
    sender.loseWebhooks(2);

    const tasks = Array.from({ length: 4 }, () => finish(sender));
    await ended(sender);

    expect(sender.deliveries).toMatchObject(
      ['lost', 'lost', 'acknowledged', 'acknowledged'].map((end, i) => ({
        taskId: tasks[i]!.id,
        ended: end,
      })),
    );
    expect(answersOf(sender)).toEqual([[], [], [200], [200]]);
    expect(received).toHaveLength(2);
  });

  it('never sends those that match, until told otherwise', async () => {
    const sender = await startSender();
    sender.loseWebhooks(({ file_name }) => file_name.startsWith('lost'));

    finish(sender, { file: { filename: 'lost.csv' } });
    finish(sender, { file: { filename: 'kept.csv' } });
    sender.loseWebhooks(0);
    finish(sender, { file: { filename: 'lost.csv' } });
    await ended(sender);

    const ends = sender.deliveries.map((delivery) => delivery.ended);
    expect(ends).toEqual(['lost', 'acknowledged', 'acknowledged']);
  });
});

describe('stop', () => {
  it('cuts deliveries, waits and tasks', async () => {
    answers = [silence, status(503, { 'Retry-After': '3600' })];
    const sender = await startSender({ processingMs: 60_000 });
    await upload(sender, 'later.txt');
    finish(sender);
    await until('the first is under way', () => received.length === 1);
    finish(sender);
    await until('the second waits', () => answersOf(sender)[1]?.length === 1);

    await sender.stop();

    expect(answersOf(sender)).toEqual([[], [503]]);
    expect(sender.deliveries.map((delivery) => delivery.ended)).toEqual([undefined, undefined]);
  });

  it('leaves nothing that keeps a process alive', async () => {
    const program = `
      const { startProvider } = require(${JSON.stringify(DIST)});
      const [silent, busy] = process.argv.slice(1);
      startProvider({ webhookRules: { timeoutMs: 60_000 } }).then(async (sender) => {
        const file = { status: 'processing' };
        sender.addTask({ file }, { afterMs: 60_000 });
        sender.addTask({ file, webhook_url: silent }, { afterMs: 0 });
        sender.addTask({ file, webhook_url: busy }, { afterMs: 0 });
        while (!sender.deliveries[1]?.attempts[0]) await new Promise(setImmediate);
        await sender.stop();
        console.log('stopped');
      });`;
    const busy = await listenHttp(async (_, response) => {
      await until('the silent receiver was asked', () => received.length === 1);
      response.writeHead(503, { 'Retry-After': '60' }).end();
    });
    answers = [silence];

    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['-e', program, hook(), `http://127.0.0.1:${busy.port}/`],
      { timeout: 20_000 },
    );
    await busy.close();

    expect(stdout).toBe('stopped\n');
    expect(received).toHaveLength(1);
  });

  it('is followed, with start, by what was cut and what became due', async () => {
    answers = [silence];
    const sender = await startSender();
    const cut = finish(sender);
    await until('it is under way', () => received.length === 1);
    const task = { webhook_url: hook(), file: { status: 'processing' as const } };
    const due = sender.addTask(task, { afterMs: 0 });
    await sender.stop();
    const ready = finish(sender);
    // A timer that was left would have fired by then.
    await delay(20);
    expect(sender.deliveries.map(({ taskId }) => taskId)).toEqual([cut.id, ready.id]);
    expect(received).toHaveLength(1);

    await sender.start();
    await until('all have come', () => sender.deliveries.length === 3);
    await ended(sender);

    expect(sender.deliveries).toMatchObject(
      [cut.id, ready.id, due.id].map((taskId) => ({ taskId, ended: 'acknowledged' })),
    );
  });
});

describe('slow answers of the API', () => {
  it('come in pieces, whole and with their length', async () => {
    const sender = await startSender();
    const { id } = sender.addTask();
    sender.trickle(100);
    const began = performance.now();

    const response = await ask(sender, `/tasks/${id}`);
    const chunks: number[] = [];
    for await (const chunk of response.body!) chunks.push((chunk as Uint8Array).length);

    expect(performance.now() - began).toBeGreaterThan(95);
    expect(chunks.length).toBeGreaterThan(5);
    expect(String(chunks.reduce((sum, length) => sum + length))).toBe(
      response.headers.get('content-length'),
    );
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
  });

  it('hold for refusals and faults too, and end', async () => {
    const sender = await startSender();
    sender.fail({ status: 503, body: '<html>down for maintenance</html>', times: 1 });
    sender.trickle(50);

    const fault = await ask(sender, '/tasks/x');
    const refusal = await ask(sender, '/tasks/x');
    sender.trickle(0);
    const quick = await ask(sender, '/tasks/x');

    expect(fault.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(await fault.text()).toBe('<html>down for maintenance</html>');
    expect(await refusal.text()).toBe(await quick.text());
  });

  it('are cut by stop', async () => {
    const sender = await startSender();
    sender.trickle(60_000);
    const response = await ask(sender, '/tasks/x');

    await sender.stop();

    await expect(response.text()).rejects.toThrow('terminated');
  });
});

async function upload(sender: Provider, filename: string) {
  const form = new FormData();
  form.set('file', new Blob(['a@example.com\n']), filename);
  form.set('webhook_url', hook());
  const response = await ask(sender, '/tasks/batch/upload', { method: 'POST', body: form });
  return ((await response.json()) as { task_id: string }).task_id;
}

const ask = (sender: Provider, path: string, init: RequestInit = {}) =>
  fetch(sender.baseUrl + path, {
    ...init,
    headers: { Authorization: `Bearer ${sender.adminKey}`, Connection: 'close' },
  });
