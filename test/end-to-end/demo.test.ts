import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { until } from '../support/until';

const DEMO = join(__dirname, '../../dist/sandbox/demo.js');

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'demo-test-'));
  // As root, Postgres runs as another user there.
  chmodSync(directory, 0o755);
});

afterEach(() => rmSync(directory, { recursive: true, force: true }));

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
    const command = /^curl [^]*?webhook\.json'$/m.exec(output())![0];

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

  it('leaves no process when it is killed with -9', async () => {
    const demo = start();
    const { processes } = await running(demo);
    // Temporal, Postgres, their guardians, the API, the worker, and what ends those.
    expect(processes.length).toBeGreaterThanOrEqual(8);

    demo.kill('SIGKILL');

    await until('all of them are gone', () => !processes.some(isAlive));
  });

  it.each([['--twice'], ['--once', 'more']])('refuses %s with its usage', async (...args) => {
    const demo = start(...args);

    const [mistakes, [code]] = await Promise.all([text(demo.stderr!), once(demo, 'exit')]);

    expect(mistakes).toMatch(/^Usage: npm run demo/);
    expect(code).toBe(2);
  });
});

function start(...args: string[]): ChildProcess {
  return spawn(process.execPath, [DEMO, ...args], {
    env: { ...process.env, TMPDIR: directory },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
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

function descendants(root: number): number[] {
  const table = execFileSync('ps', ['-e', '-o', 'pid=,ppid=']).toString().trim().split('\n');
  const pairs = table.map((line) => line.trim().split(/\s+/).map(Number));
  const below = (parent: number): number[] =>
    pairs.flatMap(([pid, ppid]) => (ppid === parent ? [pid!, ...below(pid!)] : []));
  return below(root);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
