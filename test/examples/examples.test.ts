import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findOnPath } from '../../tools/sandbox/process/find-on-path';
import { signedWebhook } from '../../tools/sandbox/provider/signed-webhook';
import type { ServiceProcess } from '../../tools/sandbox/service/service-process';
import { serviceUrls } from '../../tools/sandbox/service/service-urls';
import { startSurroundings, type Surroundings } from '../support/surroundings';
import { untilFound } from '../support/until-found';
import { addOwner, startUploadApi } from '../support/upload-api';
import { until } from '../../tools/sandbox/until';

const EXAMPLES = join(__dirname, '../../examples');

let surroundings: Surroundings;
let api: ServiceProcess;
let directory: string;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'examples-test-'));
  surroundings = await startSurroundings();
  [api] = await Promise.all([startUploadApi(surroundings), surroundings.start('worker')]);
});

afterAll(async () => {
  await surroundings.close();
  rmSync(directory, { recursive: true, force: true });
});

describe('webhook.sh', () => {
  it('signs and posts a webhook, which becomes a mail', async () => {
    // Another upload after a 503: its webhook may have been taken.
    const { taskId, address, posted } = await untilFound('an answer in time', async () => {
      const upload = await surroundings.addUpload();
      const body = file('webhook.json', signedWebhook({ taskId: upload.taskId }).body);
      const answered = await postWebhook(body);
      return answered && { ...upload, posted: answered };
    });

    expect(posted).toMatchObject({
      code: 0,
      answer: { received: true, processed: true, task_id: taskId },
    });
    await mailTo(address!);
  });

  it('posts the webhook that lies beside it', async () => {
    const posted = await untilFound('an answer in time', () => postWebhook('webhook.json'));

    expect(posted).toMatchObject({ code: 0, answer: { received: true } });
    await until('its task is looked up', () =>
      surroundings.provider.requests.some(({ path }) =>
        path.includes('550e8400-e29b-41d4-a716-446655440000'),
      ),
    );
  });

  it('fails with another key, and shows the answer', async () => {
    const body = file('forged.json', signedWebhook().body);

    const { code, output } = await run('sh', ['webhook.sh', body], environment('another key'));

    expect({ code, answer: JSON.parse(output) }).toMatchObject({
      code: 22,
      answer: { code: 'signature_invalid' },
    });
  });
});

describe.each([
  ['upload.sh', 'sh'],
  ['upload.mjs', process.execPath],
])('%s', (script, program) => {
  it.each([
    ['leads; März.csv', 'name,email\nA,a@example.com\nB,b@example.com\n', 'B'],
    ['leads.txt', 'a@example.com\nb@example.com\n', undefined],
  ])('uploads %s, which becomes a mail', async (name, content, column) => {
    const { email, token } = await addOwner(surroundings);
    const path = file(name, content);
    const args = [script, path, ...(column === undefined ? [] : [column])];

    const { code, output } = await run(program, args, { ...environment(), TOKEN: token });

    expect({ code, answer: JSON.parse(output) }).toMatchObject({
      code: 0,
      answer: [{ filename: name, email_count: 2, status: 'processing' }],
    });
    const [{ task_id: taskId }] = JSON.parse(output) as [{ task_id: string }];
    surroundings.provider.setStatus(taskId, 'completed');
    await mailTo(email);
  });

  it('fails without a valid token, and shows the answer', async () => {
    const path = file('leads.txt', 'a@example.com\n');

    const { code, output } = await run(program, [script, path], { ...environment(), TOKEN: 'x' });

    expect(code).not.toBe(0);
    expect(JSON.parse(output)).toMatchObject({ code: 'token_invalid' });
  });
});

describe.each([
  ['signature.mjs', ['node', 'signature/signature.mjs']],
  ['signature.py', ['python3', 'signature/signature.py']],
  ['signature.go', ['go', 'run', 'signature/signature.go']],
])('%s', (_, [name = '', ...args]) => {
  const program = findOnPath(name, process.env);
  if (!program) process.stderr.write(`${args.at(-1)} is not tested: ${name} is not on PATH\n`);
  const key = 'a key – with umlauts, äöü';
  const { body, headers } = signedWebhook({ secret: key });
  const signature = headers['X-Webhook-Signature']!;
  const env = { WEBHOOK_SECRET_KEY: key };

  it('prints the signature that the provider would send', async () => {
    if (!program) return;

    const { code, output } = await run(program, args, env, body);

    expect({ code, output }).toEqual({ code: 0, output: `${signature}\n` });
  });

  it.each([
    ['accepts the signature of the body', signature, body, 0],
    ['refuses the signature of another body', signature, Buffer.concat([body, body]), 1],
    ['refuses text that is no signature', 'sha256=ä', body, 1],
  ])('%s', async (_verdict, given, received, expected) => {
    if (!program) return;

    const { code } = await run(program, [...args, given], env, received);

    expect(code).toBe(expected);
  });
});

/** Undefined when the answer is 503, since Temporal was too slow. */
async function postWebhook(body: string) {
  const { code, output } = await run('sh', ['webhook.sh', body], environment());
  const answer = JSON.parse(output) as { code?: string };
  return answer.code === 'unavailable' ? undefined : { code, answer };
}

const environment = (key = surroundings.webhookSecret) => ({
  WEBHOOK_SECRET_KEY: key,
  PUBLIC_BASE_URL: serviceUrls(api.port).base,
});

function file(name: string, content: string | Buffer): string {
  const path = join(directory, name);
  writeFileSync(path, content);
  return path;
}

/** Runs an example as a shell would; its exit code is part of what it shows. */
function run(program: string, args: string[], env: Record<string, string>, input?: Buffer) {
  return new Promise<{ code: number; output: string; mistakes: string }>((resolve) => {
    const { PATH, HOME } = process.env;
    const options = { cwd: EXAMPLES, env: { PATH, HOME, ...env } };
    const child = execFile(program, args, options, (error, output, mistakes) =>
      resolve({ code: Number(error?.code ?? 0), output, mistakes }),
    );
    child.stdin!.end(input);
  });
}

function mailTo(address: string): Promise<void> {
  const { received } = surroundings.relay;
  return until(`a mail to ${address} has come`, () =>
    received.some(({ envelope }) => envelope.to.includes(address)),
  );
}
