import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { workerEnvironment } from './support/environment';

const TASK_ID = '550e8400-e29b-41d4-a716-446655440000';
const ROOT = join(__dirname, '..');

/** The built command, with an environment that holds nothing but what is given. */
function run(args: string[], environment: Record<string, string | undefined> = {}) {
  return new Promise<{ code: unknown; stdout: string; stderr: string }>((resolve) => {
    execFile(
      process.execPath,
      [join(ROOT, 'dist/src/cli.js'), ...args],
      { env: environment, cwd: __dirname },
      (err, stdout, stderr) => resolve({ code: err ? err.code : 0, stdout, stderr }),
    );
  });
}

describe('bulk-notify', () => {
  it.each(['--help', '-h', 'help'])('prints every command for %s', async (argument) => {
    const { code, stdout, stderr } = await run([argument]);

    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^Usage: bulk-notify <command>\n/);
    expect(stdout).toMatch(/ setup .* api .* worker .* resend .* watch .* help /s);
  });

  it.each([
    ['help', 'resend'],
    ['resend', '--help'],
    ['resend', TASK_ID, 'completed', '-h'],
  ])('prints the options of a command for %j %j', async (...args) => {
    const { code, stdout, stderr } = await run(args);

    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toBe(
      'Usage: bulk-notify resend TASK_ID completed|failed [options]\n\n' +
        '  send the email of an upload again, or now if it has not been sent\n\n' +
        'Options:\n' +
        '  --by NAME        who asks, for the ledger\n' +
        '  --reason TEXT    why, for the ledger\n' +
        '  --request-id ID  the same ID twice is one resend\n' +
        '  --unless-sent    do nothing if the email was sent, or may have been\n' +
        '  --json           one line of JSON on stdout, for scripts\n',
    );
  });

  it('prints its version for -v', async () => {
    const manifest = readFileSync(join(ROOT, 'package.json'), 'utf8');
    const { version } = JSON.parse(manifest) as { version: string };

    const { code, stdout, stderr } = await run(['-v']);

    expect([code, stdout, stderr]).toEqual([0, `${version}\n`, '']);
  });

  it.each([
    [[], 'A command is missing'],
    [['serve'], 'Unknown command: serve'],
    [['--port', '80'], 'Unknown command: --port'],
    [['constructor'], 'Unknown command: constructor'],
    [['help', 'serve'], 'Unknown command: serve'],
  ])('ends with 2 and lists the commands for %j', async (args, fault) => {
    const { code, stdout, stderr } = await run(args);

    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^(.*)\n\nUsage: bulk-notify <command>\n/);
    expect(stderr.split('\n')[0]).toBe(fault);
  });

  const RESEND = 'Usage: bulk-notify resend TASK_ID completed|failed [options]';
  const NOT_A_NOTIFICATION = 'resend needs a UUID and the outcome of the upload';
  it.each([
    [['api', '--port', '80'], "Unknown option '--port'", 'Usage: bulk-notify api'],
    [['api', '--by', 'jane'], "Unknown option '--by'", 'Usage: bulk-notify api'],
    [['worker', 'now'], 'worker takes no arguments', 'Usage: bulk-notify worker'],
    [['resend', TASK_ID], 'resend takes TASK_ID completed|failed', RESEND],
    [['resend', TASK_ID, 'done'], NOT_A_NOTIFICATION, RESEND],
    [['resend', '../x', 'completed'], NOT_A_NOTIFICATION, RESEND],
    [['watch'], 'watch takes TASK_ID', 'Usage: bulk-notify watch TASK_ID'],
    [['watch', '../x'], 'watch needs a UUID', 'Usage: bulk-notify watch TASK_ID'],
    [['watch', TASK_ID, TASK_ID], 'watch takes TASK_ID', 'Usage: bulk-notify watch TASK_ID'],
    [
      ['watch', TASK_ID, '--by', 'jane'],
      "Unknown option '--by'",
      'Usage: bulk-notify watch TASK_ID',
    ],
  ])('ends with 2 and shows the usage of the command for %j', async (args, fault, usage) => {
    const { code, stdout, stderr } = await run(args);

    expect([code, stdout]).toEqual([2, '']);
    expect(stderr.split('\n').slice(0, 3)).toEqual([fault, '', usage]);
  });
});

describe('bulk-notify api', () => {
  it('ends with 2 and names a public URL that is none, without its value', async () => {
    const { code, stdout, stderr } = await run(['api'], { PUBLIC_BASE_URL: 'hunter2.example' });

    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toBe(
      'The configuration has 1 fault(s):\n' +
        '  PUBLIC_BASE_URL must be an http or https URL without user, query and fragment\n',
    );
  });
});

describe('bulk-notify worker', () => {
  it('ends with 2 and names every fault at once, without a value', async () => {
    const { code, stdout, stderr } = await run(
      ['worker'],
      workerEnvironment({
        SMTP_SERVER: undefined,
        SMTP_USERNAME: '',
        SMTP_PASSWORD: undefined,
        BULK_UPLOAD_EMAIL_BODY_FAILED: 'hunter2 {file}',
      }),
    );

    expect([code, stdout]).toEqual([2, '']);
    expect(stderr.split('\n')).toEqual([
      'The configuration has 5 fault(s):',
      ...[9, 14].map((at) =>
        expect.stringContaining(`BULK_UPLOAD_EMAIL_BODY_FAILED has a brace at character ${at}`),
      ),
      '  SMTP_SERVER is missing',
      '  SMTP_USERNAME is missing',
      '  SMTP_PASSWORD is missing',
      '',
    ]);
    expect(stderr).not.toContain('hunter2');
  });
});

describe('bulk-notify setup', () => {
  it('ends with 2 and names what is missing', async () => {
    const { code, stderr } = await run(['setup']);

    expect(code).toBe(2);
    expect(stderr).toContain('DATABASE_URL is missing');
  });
});

describe('bulk-notify resend', () => {
  it('ends with 2 and names what is wrong in its environment', async () => {
    const args = ['resend', TASK_ID.toUpperCase(), 'completed', '--by', 'jane'];

    const { code, stderr } = await run(args, { RESEND_WINDOW: 'hunter2' });

    expect(code).toBe(2);
    expect(stderr).toContain('RESEND_WINDOW must be a duration');
    expect(stderr).not.toContain('hunter2');
  });
});

describe('bulk-notify watch', () => {
  it('ends with 2 and names what is wrong in its environment', async () => {
    const { code, stderr } = await run(['watch', TASK_ID], { TEMPORAL_TLS: 'hunter2' });

    expect(code).toBe(2);
    expect(stderr).toContain('TEMPORAL_TLS must be true or false');
    expect(stderr).not.toContain('hunter2');
  });

  it('ends with 1 when Temporal cannot be reached', async () => {
    const { code, stdout, stderr } = await run(['watch', TASK_ID], {
      TEMPORAL_ADDRESS: '127.0.0.1:1',
    });

    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^Failed to start Workflow \(.*\)\n$/);
  });
});
