import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { workerEnvironment } from './support/environment';
import { runCli as run } from './support/run-cli';

const TASK_ID = '550e8400-e29b-41d4-a716-446655440000';
const ROOT = join(__dirname, '..');

describe('bulk-notify', () => {
  it.each(['--help', '-h', 'help'])('prints every command for %s', async (argument) => {
    const { code, stdout, stderr } = await run([argument]);

    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^Usage: bulk-notify <command>\n/);
    expect(stdout).toMatch(
      / setup .* worker .* show .* list .* resend .* bulk resend .* preview .* watch .* help /s,
    );
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
        '  --wait           say what became of it, after a minute at most\n' +
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

  it('shows a hostile argument and obeys none of its characters', async () => {
    const { stderr } = await run(['\u001b[2J\u202ex']);

    expect(stderr).toMatch(/^Unknown command: \\u001b\[2J\\u202ex\n/);
  });

  const RESEND = 'Usage: bulk-notify resend TASK_ID completed|failed [options]';
  const DOCTOR = 'Usage: bulk-notify doctor [options]';
  const WATCH = 'Usage: bulk-notify watch TASK_ID [options]';
  const LIST = 'Usage: bulk-notify list [options]';
  const PREVIEW = 'Usage: bulk-notify preview [options]';
  const ANYTHING = 'TASK_ID|EVENT_ID|USER_ID|ADDRESS';
  const REQUEST_ID_TOO_LONG = '--request-id must be 1 to 64 characters without controls';
  const NOT_A_NOTIFICATION = 'resend needs a UUID and the outcome of the upload';
  it.each([
    [['api', '--port', '80'], "Unknown option '--port'", 'Usage: bulk-notify api'],
    [['api', '--by', 'jane'], "Unknown option '--by'", 'Usage: bulk-notify api'],
    [['worker', 'now'], 'worker takes no arguments', 'Usage: bulk-notify worker'],
    [['resend', TASK_ID], 'resend takes TASK_ID completed|failed', RESEND],
    [['resend', TASK_ID, 'done'], NOT_A_NOTIFICATION, RESEND],
    [['resend', '../x', 'completed'], NOT_A_NOTIFICATION, RESEND],
    [['resend', TASK_ID, 'failed', '--request-id', 'x'.repeat(65)], REQUEST_ID_TOO_LONG, RESEND],
    [['show'], `show takes ${ANYTHING}`, `Usage: bulk-notify show ${ANYTHING} [options]`],
    [['list', '--limit', '0'], '--limit must be a whole number from 1 to 200', LIST],
    [['list', '--cursor', 'x'], '--cursor is not the cursor of a list', LIST],
    [['list', '--from', 'soon'], expect.stringMatching(/^--from: must be a date/), LIST],
    [['preview', '--raw'], '--raw needs --outcome or --event', PREVIEW],
    [['preview', '--outcome', 'sent'], '--outcome must be completed or failed', PREVIEW],
    [['preview', '--event', TASK_ID], expect.stringMatching(/^--event must be bulk_/), PREVIEW],
    [['preview', '--event', TASK_ID, '--count', '1'], '--event says which email it is', PREVIEW],
    [['watch'], 'watch takes TASK_ID', WATCH],
    [['watch', '../x'], 'watch needs a UUID', WATCH],
    [['watch', TASK_ID, TASK_ID], 'watch takes TASK_ID', WATCH],
    [['watch', TASK_ID, '--by', 'jane'], "Unknown option '--by'", WATCH],
    [['doctor', '--task', 'x'], '--task needs a UUID', DOCTOR],
    [['doctor', '--rcpt', 'a@x, b@x'], '--rcpt needs one email address', DOCTOR],
    [['doctor', '--send-to', 'x'], '--send-to needs one email address', DOCTOR],
    [['doctor', '--part', 'dns,x'], expect.stringMatching(/^--part needs names of these/), DOCTOR],
    [
      ['doctor', '--dns-server', 'ns.example'],
      expect.stringMatching(/needs an IP address/),
      DOCTOR,
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

  it('ends with 1 and names the request ID when Temporal cannot be reached', async () => {
    const { code, stdout, stderr } = await run(['resend', TASK_ID, 'completed'], {
      TEMPORAL_ADDRESS: '127.0.0.1:1',
    });

    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(
      /did not confirm request ([\da-f-]{36}), which may .* --request-id \1: .* \(.*UNAVAILABLE.*\)\n$/,
    );
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

describe('bulk-notify show', () => {
  it('ends with 2 without the database of the ledger', async () => {
    const { code, stdout, stderr } = await run(['show', TASK_ID]);

    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('ADMIN_DATABASE_URL or DATABASE_URL must name the ledger');
  });
});

describe('bulk-notify list', () => {
  it('ends with 1 and names the variable of the database that does not answer', async () => {
    const { code, stdout, stderr } = await run(['list'], {
      ADMIN_DATABASE_URL: 'postgres://reader@127.0.0.1:1/ledger',
    });

    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain('the host and port in ADMIN_DATABASE_URL are right');
  });
});

describe('bulk-notify preview', () => {
  const HOSTILE = 'a"\u001b[31m\u202egpj.csv';

  it('prints headers and texts of both emails', async () => {
    const args = ['preview', '--file-name', HOSTILE, '--count', '1234'];

    const { code, stdout, stderr } = await run(args, workerEnvironment());

    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/has completed:\n\nSubject: a"\[31mgpj\.csv is ready\n/);
    expect(stdout).toContain('\nFrom: BoltRoute <noreply@sender.example>\n');
    expect(stdout).toContain('\n\nHello,\n1234 addresses\n');
    expect(stdout).toMatch(/has failed:\n\nSubject: a"\[31mgpj\.csv failed\n.*\n\nSorry\n$/s);
  });

  it('prints the bytes of one message', async () => {
    const args = ['preview', '--outcome', 'failed', '--raw'];

    const { code, stdout } = await run(args, workerEnvironment());

    expect(code).toBe(0);
    expect(stdout).toMatch(/^Subject: customers\.csv failed\r\n[\s\S]*\r\n\r\nSorry/);
  });

  it('prints one line of JSON', async () => {
    const { stdout } = await run(['preview', '--json'], workerEnvironment());

    expect(stdout.trimEnd()).not.toContain('\n');
    const { mails } = JSON.parse(stdout);
    expect(mails.map(({ outcome }: { outcome: string }) => outcome)).toEqual([
      'completed',
      'failed',
    ]);
    expect(mails[0]).toMatchObject({
      subject: 'customers.csv is ready',
      text: 'Hello,\n1000 addresses',
      headers: expect.arrayContaining([{ name: 'Auto-Submitted', value: 'auto-generated' }]),
    });
  });

  it('ends with 2 and names what is missing', async () => {
    const { code, stderr } = await run(['preview'], workerEnvironment({ SMTP_REPLY_TO: '' }));

    expect(code).toBe(2);
    expect(stderr).toContain('SMTP_REPLY_TO is missing');
  });
});

describe('bulk-notify doctor', () => {
  it('ends with 1 and names what is missing, without a part that could not be examined', async () => {
    const { code, stdout, stderr } = await run(
      ['doctor', '--part', 'configuration, relay', '--json'],
      workerEnvironment({ SMTP_SERVER: undefined, SMTP_PASSWORD: 'hunter2' }),
    );

    expect([code, stderr]).toEqual([1, '']);
    expect(JSON.parse(stdout)).toMatchObject({
      status: 'failure',
      parts: [
        { part: 'configuration', findings: [{ check: 'SMTP_SERVER', status: 'failure' }] },
        { part: 'relay', status: 'failure', findings: [{ check: 'configuration' }] },
      ],
    });
    expect(stdout).not.toContain('hunter2');
  });
});
