import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { descendants } from '../support/descendants';
import { isAlive } from '../support/is-alive';
import { fetch } from '../support/recorded-fetch';
import { until } from '../../tools/sandbox/until';

const LEADS = 'name,e-mail\nAda,ada@example.com\nBob,bob@example.com\nNobody,\n';
const DEMO = join(__dirname, '../../dist/tools/sandbox/demo/demo.js');

let directory: string;
/** Those of the test: one that fails must not leave its demo running. */
const demos: ChildProcess[] = [];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'demo-test-'));
  // As root, Postgres runs as another user there.
  chmodSync(directory, 0o755);
});

afterEach(() => {
  demos.splice(0).forEach((demo) => demo.kill('SIGKILL'));
  rmSync(directory, { recursive: true, force: true });
});

describe('the demo', () => {
  it('with --once shows mail, places and a curl command, and leaves nothing', async () => {
    const demo = start('--once');

    const [output, mistakes, [code]] = await Promise.all([
      text(demo.stdout!),
      text(demo.stderr!),
      once(demo, 'exit'),
    ]);

    expect({ code, mistakes, output }).toMatchObject({ code: 0, mistakes: '' });
    expect(output).not.toContain('\u001B');
    expect(output).toContain('RCPT TO:<ada.lindgren@northwind.example>');
    expect(output).toContain('Subject: Verification of customers-2026.csv is complete');
    expect(output).toContain('all 12 addresses in customers-2026.csv have been verified.');
    expect(output).toMatch(/Inbox +http:\/\/127\.0\.0\.1:\d+\/\n/);
    expect(output).toMatch(
      /Temporal run +http:\S+\/workflows\/bulk_upload_notification%3A[0-9a-f-]{36}%3Acompleted\/[0-9a-f-]{36}\/history\n/,
    );
    expect(output).toMatch(/Webhook \(POST\) +http:\S+\/api\/tasks\/webhooks\/bulk-upload\n/);
    expect(output).toMatch(/Health +http:\S+\/healthz\n/);
    expect(output).toMatch(/Readiness +http:\S+\/readyz\n/);
    expect(output).toMatch(/-H 'X-Webhook-Signature: sha256=[0-9a-f]{64}'/);
    expect(output).toMatch(/--data-binary '@\S+webhook\.json'/);
    expect(readdirSync(directory)).toEqual([]);
  });

  it('takes the curl command as it is, once, and ends with one Ctrl-C', async () => {
    const demo = start();
    const { output, processes } = await running(demo);
    const command = /^curl [\s\S]*?webhook\.json'$/m.exec(output())![0];

    const answers = [command, command].map(
      (line) => JSON.parse(execFileSync('sh', ['-c', line]).toString()) as object,
    );
    await until('the next mail is told', () => output().includes('newsletter-spring.xlsx is'));
    demo.kill('SIGINT');
    const [code] = (await once(demo, 'exit')) as [number];

    expect(answers).toEqual([
      expect.objectContaining({ processed: true }),
      { received: true, processed: false, reason: 'duplicate_or_not_recorded' },
    ]);
    expect(code).toBe(0);
    expect(processes.filter(isAlive)).toEqual([]);
    expect(readdirSync(directory)).toEqual([]);
  });

  it('offers the page for support, and a command that tells where a mail is', async () => {
    const demo = start();
    const { output } = await running(demo);
    const [, page, token] = /Page for support +(http:\S+)\n +Its token +(\S+)/.exec(output())!;
    const command = /^\S+\/bulk-notify show \S+$/m.exec(output())![0];

    const login = await fetch(page!);
    const shown = execFileSync('sh', ['-c', command]).toString();
    const admin = await fetch(`${page}api/admin/notifications`, {
      headers: { Authorization: `Bearer ${token}` },
    });
    demo.kill('SIGINT');
    await once(demo, 'exit');

    expect(await login.text()).toContain('<title>Log in');
    expect(admin.status).toBe(200);
    expect(shown).toContain('customers-2026.csv');
  });

  it('with --upload --once shows the upload, the webhook and the mail, and leaves nothing', async () => {
    const demo = start('--upload', file('leads.csv', LEADS), '--once');

    const [output, mistakes, [code]] = await Promise.all([
      text(demo.stdout!),
      text(demo.stderr!),
      once(demo, 'exit'),
    ]);

    expect({ code, mistakes, output }).toMatchObject({ code: 0, mistakes: '' });
    const shown = [
      /ada\.lindgren@northwind\.example uploads leads\.csv\n/,
      /→ POST http:\S+\/api\/tasks\/upload\n/,
      /← 200 \[\{"filename":"leads\.csv",.*"status":"processing",.*"email_count":2\}\]\n/,
      /→ POST http:\S+\/api\/tasks\/webhooks\/bulk-upload\n/,
      /X-Webhook-Signature: sha256=[0-9a-f]{64}\n/,
      /← 200 \{"received":true,"processed":true,/,
      /RCPT TO:<ada\.lindgren@northwind\.example>\n/,
      /Subject: Verification of leads\.csv is complete\n/,
      /all 2 addresses in leads\.csv have been verified\.\n/,
      /Temporal run +http:\S+\/workflows\/bulk_upload_notification%3A[0-9a-f-]{36}%3Acompleted\/[0-9a-f-]{36}\/history\n/,
      /\nTOKEN='[\w.-]+'\ncurl /,
    ];
    shown.forEach((part) => expect(output).toMatch(part));
    const places = shown.map((part) => output.search(part));
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(readdirSync(directory)).toEqual(['leads.csv']);
  });

  it('takes the upload’s curl command as it is, and tells of its mail', async () => {
    const name = "ada's; leads, März.txt";
    const demo = start('--upload', file(name, 'a@example.com\n'));
    const { output } = await running(demo);
    const commands = /^TOKEN=[\s\S]*?\.txt"'$/m.exec(output())![0];

    const answer: unknown = JSON.parse(execFileSync('sh', ['-c', commands]).toString());
    expect(answer).toEqual([expect.objectContaining({ filename: name, email_count: 1 })]);

    const told = `✓ Verification of ${name} is complete`;
    await until('its mail is told', () => output().includes(told));
    demo.kill('SIGINT');
    const [code] = (await once(demo, 'exit')) as [number];

    expect(code).toBe(0);
  });

  it('fails with the service’s answer when the provider does not take the file', async () => {
    const demo = start('--upload', file('empty.csv', 'name\nnobody\n'), '--once');

    const [output, [code]] = await Promise.all([text(demo.stdout!), once(demo, 'exit')]);

    expect(output).toMatch(/← 400 .*No valid emails/);
    expect(output).toContain('The file was not taken.');
    expect(code).toBe(1);
  });

  it.each([
    [
      'that is not there',
      'leads.csv',
      /^Cannot read \/.*leads\.csv: no such file or directory\.\n$/,
    ],
    [
      'of another kind',
      'leads.pdf',
      /^Cannot upload .*leads\.pdf: BoltRoute takes .txt, .csv, .xlsx\.\n$/,
    ],
  ])('starts nothing for a file %s', async (_, name, message) => {
    const demo = start('--upload', join(directory, name));

    const [output, mistakes, [code]] = await Promise.all([
      text(demo.stdout!),
      text(demo.stderr!),
      once(demo, 'exit'),
    ]);

    expect({ output, code }).toEqual({ output: '', code: 2 });
    expect(mistakes).toMatch(message);
  });

  it('leaves no process when it is killed with -9', async () => {
    const demo = start();
    const { processes } = await running(demo);
    // Temporal, Postgres, their guardians, the API, the worker, and what ends those.
    expect(processes.length).toBeGreaterThanOrEqual(8);

    demo.kill('SIGKILL');

    await until('all of them are gone', () => !processes.some(isAlive));
  });

  it.each([['--twice'], ['--once', 'more'], ['--upload']])(
    'refuses %s with its usage',
    async (...args) => {
      const demo = start(...args);

      const [mistakes, [code]] = await Promise.all([text(demo.stderr!), once(demo, 'exit')]);

      expect(mistakes).toMatch(/^Usage: npm run demo/);
      expect(code).toBe(2);
    },
  );
});

/** Where the demo has its temporary files. */
function file(name: string, content: string): string {
  const path = join(directory, name);
  writeFileSync(path, content);
  return path;
}

function start(...args: string[]): ChildProcess {
  const demo = spawn(process.execPath, [DEMO, ...args], {
    env: { ...process.env, TMPDIR: directory },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  demos.push(demo);
  return demo;
}

/** What it has printed, and all of its processes, once it is up. */
async function running(demo: ChildProcess) {
  let printed = '';
  demo.stdout!.setEncoding('utf8').on('data', (chunk: string) => (printed += chunk));
  await until('it is up', () => {
    if (demo.exitCode !== null) throw new Error(`The demo has ended:\n${printed}`);
    return printed.includes('Ctrl-C stops everything.');
  });
  return { output: () => printed, processes: descendants(demo.pid!) };
}
