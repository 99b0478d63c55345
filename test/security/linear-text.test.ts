import { displayFileName } from '../../activities/mail/file-name';
import { renderMail } from '../../activities/mail/mail-template';
import { parseAddress } from '../../activities/recipient/recipient-address';
import { maskReply } from '../../src/clients/smtp/mask-reply';
import { createTaskApi } from '../../src/clients/provider/task-api';
import { createTaskUploads } from '../../src/clients/provider/task-uploads';
import { maskAddresses } from '../../workflows/core/mask-addresses';
import { boltRouteFormat } from '../../src/webhook/boltroute-format';
import { oneLine } from '../../workflows/core/one-line';
import { json, rawUpstream, whenRead } from '../support/raw-upstream';
import { startWebhookEndpoint } from '../support/webhook-endpoint';

const TASK_ID = '550e8400-e29b-41d4-a716-446655440000';
const SIZE = 250_000;
/** Milliseconds of the processor below which a ratio says nothing: the square takes minutes. */
const NOISE_MS = 2_000;

/** Texts of a size on which a search that starts anew at each character takes the square of it. */
const texts: [string, (size: number) => string][] = [
  ['blanks in the middle', (size) => `a${' '.repeat(size)}b@x.example`],
  ['blanks before', (size) => `${'\t \u2028\x1c'.repeat(size / 4)}b@x.example`],
  ['line ends', (size) => `a${'\r\n'.repeat(size / 2)}b@x.example`],
  ['dots', (size) => `a${'.'.repeat(size)}@x.example`],
  ['labels', (size) => `a@${'x.'.repeat(size / 2)}`],
  ['hidden labels', (size) => `a.${'\u200d'.repeat(size)}b`],
  ['signs of addresses', (size) => 'a@'.repeat(size / 2)],
  ['brackets', (size) => '<'.repeat(size)],
  ['quotes', (size) => '"'.repeat(size)],
  ['escapes', (size) => `"${'\\'.repeat(size)}`],
  ['schemes', (size) => 'a:'.repeat(size / 2)],
  ['slashes', (size) => `:${'/'.repeat(size)}x`],
  ['digits', (size) => '1.1'.repeat(size / 3)],
  ['marks', (size) => `a${'\u0301'.repeat(size)}`],
  ['surrogates', (size) => '\ud800'.repeat(size)],
  // More of them in one body count as too many objects.
  ['braces', (size) => '{'.repeat(size / 32)],
];

const secrets = { recipient: 'jane.doe@example.org', username: 'mailer-1', password: 'hunter2' };
const template = { subject: '{file_name}', body: '{file_name}' };
const templates = { completed: template, failed: template };
const webhook = (text: string) => ({
  event_type: text,
  task_id: text,
  data: { stats: {}, jobs: [], user_id: text },
});
const known = (text: string) => ({
  ...webhook(text),
  event_type: 'email_verification_completed',
  task_id: TASK_ID,
});
const bytes = (body: unknown) => Buffer.from(JSON.stringify(body));

const functions: [string, (text: string) => unknown][] = [
  ['parseAddress', parseAddress],
  ['displayFileName', (text) => displayFileName(text, 255)],
  [
    'renderMail',
    (fileName) => renderMail(templates, { outcome: 'failed', fileName, emailCount: 1 }),
  ],
  ['maskReply', (text) => maskReply(text, secrets)],
  ['maskAddresses', maskAddresses],
  ['boltRouteFormat.parse, of another type', (text) => boltRouteFormat.parse(bytes(webhook(text)))],
  ['boltRouteFormat.parse, of a user', (text) => boltRouteFormat.parse(bytes(known(text)))],
  ['oneLine', (text) => oneLine(text)],
];

/** Of the processor: the time in which other processes have it does not count. */
async function millisecondsOf(use: () => unknown): Promise<number> {
  const start = process.cpuUsage();
  await use();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1_000;
}

/** Runs it on the text and on one of twice its size, up to three times: the least is what it costs. */
async function expectLinear(textOf: (size: number) => string, use: (text: string) => unknown) {
  const [text, doubled] = [textOf(SIZE), textOf(2 * SIZE)];
  await use(text);
  let [once, twice] = [Infinity, Infinity];
  // Below the noise, the next one would change nothing.
  for (let round = 0; round < 3 && twice >= NOISE_MS; round += 1) {
    once = Math.min(once, await millisecondsOf(() => use(text)));
    twice = Math.min(twice, await millisecondsOf(() => use(doubled)));
  }

  // Twice the size takes twice the time, or four times where it takes the square.
  expect(twice).toBeLessThan(Math.max(3 * once, NOISE_MS));
}

describe.each(functions)('%s', (_name, use) => {
  it.each(texts)('takes linear time over %s', async (_what, textOf) => {
    await expectLinear(textOf, use);
  });
});

const closing: (() => unknown)[] = [];
afterEach(() => Promise.all(closing.splice(0).map((close) => close())));

describe('a webhook', () => {
  it.each(texts)('is answered in linear time when its strings are %s', async (_what, textOf) => {
    const endpoint = await startWebhookEndpoint();
    closing.push(endpoint.close);
    const post = (body: unknown) => endpoint.post({ body: bytes(body), headers: {} });

    await expectLinear(textOf, async (text) => {
      expect((await post(webhook(text))).status).toBe(200);
      expect((await post(known(text))).status).toBe(200);
    });

    expect(endpoint.events.every(({ userId = '' }) => userId.length <= 64)).toBe(true);
  });
});

describe("the provider's answers", () => {
  it.each(texts)('are parsed in linear time when their strings are %s', async (_what, textOf) => {
    let answer: unknown;
    const provider = await rawUpstream(
      whenRead((response, request) => json(answer)(response, request)),
    );
    const { baseUrl } = provider;
    const taskApi = createTaskApi({ baseUrl, key: 'key' });
    const uploads = createTaskUploads({ baseUrl });
    closing.push(uploads.close, provider.close);
    const never = new AbortController().signal;

    await expectLinear(textOf, async (text) => {
      const file = { filename: text, upload_id: text, status: text };
      answer = { id: text, user_id: text, file_name: text, file };
      await taskApi.fetchTask(TASK_ID, never);
      answer = { ...(answer as object), id: TASK_ID };
      const task = await taskApi.fetchTask(TASK_ID, never);
      answer = { task_id: text, email_count: 1, error: { code: text, message: text } };
      const upload = uploads.open({ token: 'token', fileName: 'a.txt' });
      await upload.write(Buffer.from('a@x.example'));
      await upload.finish({});

      expect(task).toMatchObject({ id: TASK_ID });
      expect(JSON.stringify(task).length).toBeLessThan(4_096);
    });
  });
});
