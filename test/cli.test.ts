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
  it('prints how it is used for --help', async () => {
    const { code, stdout, stderr } = await run(['--help']);

    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^Usage: bulk-notify <command>\n/);
    expect(stdout).toMatch(/ setup .* api .* worker .* resend .* watch /s);
  });

  it('prints its version for -v', async () => {
    const manifest = readFileSync(join(ROOT, 'package.json'), 'utf8');
    const { version } = JSON.parse(manifest) as { version: string };

    const { code, stdout, stderr } = await run(['-v']);

    expect([code, stdout, stderr]).toEqual([0, `${version}\n`, '']);
  });

  it.each([
    ['no command', []],
    ['an unknown command', ['serve']],
    ['an unknown option', ['api', '--port', '80']],
    ['an option of another command', ['api', '--by', 'jane']],
    ['the name of a property', ['constructor']],
    ['a resend without an outcome', ['resend', TASK_ID]],
    ['a resend of an outcome that there is not', ['resend', TASK_ID, 'done']],
    ['a resend of a task ID that is none', ['resend', '../x', 'completed']],
    ['a watch of nothing', ['watch']],
    ['a watch of a task ID that is none', ['watch', '../x']],
    ['a watch of two tasks', ['watch', TASK_ID, TASK_ID]],
    ['a watch with an option of another command', ['watch', TASK_ID, '--by', 'jane']],
  ])('ends with 2 and says how it is used for %s', async (_what, args) => {
    const { code, stdout, stderr } = await run(args);

    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^Usage: bulk-notify <command>\n/);
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
      '  SMTP_SERVER is missing',
      '  SMTP_USERNAME is missing',
      '  SMTP_PASSWORD is missing',
      ...[9, 14].map((at) =>
        expect.stringContaining(`BULK_UPLOAD_EMAIL_BODY_FAILED has a brace at character ${at}`),
      ),
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
    const { code, stdout } = await run(['watch', TASK_ID], { TEMPORAL_ADDRESS: '127.0.0.1:1' });

    expect(code).toBe(1);
    expect(stdout).toContain('process.failed');
  });
});
