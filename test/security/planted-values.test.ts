import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listenHttp } from '../../tools/sandbox/network/listen-http';
import { until } from '../../tools/sandbox/until';
import { capturedLogger } from '../support/captured-logger';
import { ADMIN_TOKEN } from '../support/planted-values';
import { revealing } from '../support/record';
import { fetch } from '../support/recorded-fetch';
import { runCli } from '../support/run-cli';
import { describeLeaks, scanRecords } from '../support/scan-records';

let directory: string;
beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'planted-values-test-'))));
afterEach(() => rmSync(directory, { recursive: true }));

async function namesIn(text: string): Promise<string[]> {
  writeFileSync(join(directory, 'log'), `${text}\n`);
  return (await scanRecords(directory)).map(({ name }) => name);
}

describe('scanRecords', () => {
  it('names the file, the line and the value', async () => {
    mkdirSync(join(directory, 'some.test.ts'));
    writeFileSync(
      join(directory, 'some.test.ts', 'log'),
      `{}\n{"to":"<owner@customer.example>"}\n`,
    );
    writeFileSync(join(directory, 'some.test.ts', 'answers'), '{}');

    const leaks = await scanRecords(directory);

    const [name, excerpt] = ['the address of a recipient', '{"to":"<owner@customer.example>"}'];
    expect(leaks).toEqual([{ file: 'some.test.ts/log', line: 2, name, excerpt }]);
    expect(describeLeaks(leaks, directory)).toContain(`some.test.ts/log:2: ${name}: …{"to"`);
  });

  it.each([
    ['the address of a recipient', 'page?user=owner%40Customer.example'],
    ['an address in an uploaded file', 'name,email\\nJane,jane@example.org'],
    ['an address in the body of a webhook', 'customer.00001@mailbox-example.com'],
    ['a job in the body of a webhook', '3f0a9e51-52b7-4c1e-9d0f-000000000001'],
    ['the admin token', `Authorization: Bearer ${ADMIN_TOKEN}`],
    ['a key of webhooks', 'planted-webhook-key-1'],
    ["a key of users' tokens", 'planted-jwt-key-1'],
    ['the token of a user', 'Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.signature'],
    ['the password of the relay', 'sandbox-password'],
    ['the key of the provider', 'sandbox-admin-key'],
    ['the password of the database', 'postgres://postgres:sandbox-database-1@127.0.0.1/postgres'],
  ])('finds %s', async (name, text) => {
    expect(await namesIn(text)).toEqual([name]);
  });

  it.each(['', 'x', 'xy'])('finds a value in base64 after "%s"', async (before) => {
    const encode = (text: string) => Buffer.from(`${before}${text} after`).toString('base64');

    expect(await namesIn(encode(ADMIN_TOKEN))).toEqual(['the admin token']);
    expect(await namesIn(encode('owner@customer.example'))).toEqual([
      'the address of a recipient in base64',
    ]);
  });

  it.each(['o…@customer.example', '<address>', 'https://customer.example/hook', 'token_missing'])(
    'finds nothing in %s',
    async (text) => {
      expect(await namesIn(text)).toEqual([]);
    },
  );
});

describe('the records of the tests', () => {
  const recorded = () => {
    const folder = join(String(process.env.TEST_RECORDS), 'test/security/planted-values.test.ts');
    return readdirSync(folder)
      .map((file) => readFileSync(join(folder, file), 'utf8'))
      .join('\n');
  };

  it('hold what the service logs, prints and answers', async () => {
    const server = await listenHttp((_, response) => void response.end('an answer'));

    capturedLogger().logger.info('a.line');
    await runCli(['--help']);
    await runCli(['no-such-command']);
    await fetch(`http://127.0.0.1:${server.port}`);
    await server.close();

    await until('all of it is recorded', () => recorded().includes('an answer'));
    expect(recorded()).toMatch(/"event":"a\.line"/);
    expect(recorded()).toContain('bulk-notify');
    expect(recorded()).toContain('no-such-command');
  });

  it('lack what a call has to reveal', async () => {
    const server = await listenHttp((_, response) => void response.end('a revealed answer'));

    const answers = await revealing('the test is about it', async () => [
      await (await fetch(`http://127.0.0.1:${server.port}`)).text(),
      (await runCli(['help', 'doctor'])).stdout,
    ]);
    await server.close();

    expect(answers).toEqual(['a revealed answer', expect.stringContaining('--send-to')]);
    expect(recorded()).not.toContain('a revealed answer');
    expect(recorded()).not.toContain('--send-to');
  });
});
