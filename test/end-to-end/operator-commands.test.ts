import { addUser } from '../../tools/sandbox/postgres/add-user';
import type { ServiceProcess } from '../../tools/sandbox/service/service-process';
import { until } from '../../tools/sandbox/until';
import { workflowId } from '../../workflows/core/workflow-id';
import { revealing } from '../support/record';
import { runCli } from '../support/run-cli';
import { startSurroundings, type Surroundings } from '../support/surroundings';
import { untilAnswered } from '../support/until-answered';

const HOSTILE = 'Q1 "\u001b[31m\u202eslx.\u0007<b>顧客\n2.csv';
const NOBODY = 'f47ac10b-58cc-4372-a567-0e02b2c3d479';

let surroundings: Surroundings;
let api: ServiceProcess;

beforeAll(async () => {
  surroundings = await startSurroundings();
  [api] = await Promise.all([surroundings.start('api'), surroundings.start('worker')]);
});

afterAll(() => surroundings.close());

const cli = (...args: string[]) =>
  runCli(args, { PATH: process.env.PATH, ...surroundings.environment });

/** Runs a command that may be repeated, again when Temporal was too slow for it. */
function cliInTime(...args: string[]) {
  let runs = 0;
  return untilAnswered(async () => {
    runs += 1;
    const ended = await cli(...args);
    if (ended.stderr.includes('DEADLINE_EXCEEDED')) throw new Error(ended.stderr);
    return { ...ended, isFirst: runs === 1 };
  });
}

async function json(...args: string[]) {
  const { stdout } = await cliInTime(...args, '--json');
  expect(stdout.trimEnd()).not.toContain('\n');
  return JSON.parse(stdout);
}

async function addSent(upload: Parameters<Surroundings['addUpload']>[0] = {}) {
  const added = await surroundings.addUpload(upload);
  await surroundings.notify(api, { taskId: added.taskId });
  return { ...added, eventId: workflowId(added.taskId, 'completed') };
}

describe('bulk-notify show', () => {
  it('finds a mail by task, event, user and address, and masks the address', async () => {
    const { taskId, eventId, userId, address } = await addSent({
      filename: 'leads.csv',
    });

    const queries = [taskId, taskId.toUpperCase(), eventId, userId, address!];
    const answers = await Promise.all(queries.map((query) => cli('show', query)));

    for (const { code, stdout, stderr } of answers) {
      expect(code).toBe(0);
      expect(stdout).toMatch(/^.*relay.*\n/);
      expect(stdout).toMatch(/\n {2}.* handed to the relay {2}o…@customer\.example {2}250 /);
      expect(stdout).toContain('leads.csv');
      expect(stdout).not.toContain(address!);
      expect(stderr).toContain(`bulk-notify resend ${taskId} completed --wait`);
    }
  });

  it('reveals the address on demand', async () => {
    const { taskId, address } = await addSent();

    const { stdout } = await revealing('--reveal', () => cli('show', taskId, '--reveal'));

    expect(stdout).toContain(` ${address} `);
  });

  it('says what a parked mail needs', async () => {
    const { taskId } = await addSent({ email: null });

    const { code, stdout, stderr } = await cli('show', taskId);

    expect(code).toBe(0);
    expect(stdout).toMatch(/\nRemedy: Give the user's profile or account one valid e-mail address/);
    expect(stderr).toContain(`bulk-notify resend ${taskId} completed --wait --unless-sent`);
  });

  it.each([NOBODY, 'nobody@customer.example', 'something else'])(
    'ends with 1 when nothing is known of %s',
    async (query) => {
      const { code, stdout } = await cli('show', query);

      expect(code).toBe(1);
      expect(stdout).not.toBe('');
      expect(await json('show', query)).toMatchObject({
        found: 'nothing',
        watches: [],
      });
    },
  );

  it('is JSON for scripts, with names in snake_case', async () => {
    const { taskId, eventId } = await addSent({ filename: HOSTILE });

    const shown = await json('show', taskId);

    expect(shown).toMatchObject({
      found: 'notification',
      notification: {
        ...{
          event_id: eventId,
          task_id: taskId,
          state: 'sent',
          sent_count: 1,
          email_count: 12,
        },
        file_name: HOSTILE,
        attempts: [{ verdict: 'accepted', recipient: expect.stringMatching(/^o…@/) }],
      },
    });
  });

  it('keeps a hostile file name from the terminal', async () => {
    const { taskId } = await addSent({ filename: HOSTILE });

    const { stdout } = await cli('show', taskId);

    expect(stdout).toContain('Q1 "\\u001b[31m\\u202eslx.\\u0007<b>顧客\\n2.csv');
    expect(stdout).not.toMatch(/[\u001b\u0007\u202e]/);
  });
});

describe('bulk-notify list', () => {
  it('pages through the newest first by the command that each page names', async () => {
    const { userId } = await surroundings.addUpload();
    const names = ['a.csv', HOSTILE, 'c.csv'];
    for (const filename of names) {
      const file = { filename, email_count: 3, status: 'completed' } as const;
      const { id: taskId } = surroundings.provider.addTask({
        user_id: userId,
        file,
      });
      await surroundings.notify(api, { taskId });
    }

    const first = await cli('list', '--user', userId, '--from', '1h', '--limit', '2');
    const [, cursor = ''] = /--cursor (\S+)/.exec(first.stderr) ?? [];
    const next = await cli('list', '--user', userId, '--limit', '2', '--cursor', cursor);

    expect(first.code).toBe(0);
    expect(first.stdout.split('\n')).toEqual([
      expect.stringMatching(/^created \(UTC\) +state +upload +addresses +task +user +file$/),
      expect.stringMatching(/ sent +completed +3 .*c\.csv$/),
      expect.stringContaining('Q1 "\\u001b[31m'),
      '',
      'In all: sent 3',
      '',
    ]);
    expect(first.stderr).toMatch(
      /^\nNext page: bulk-notify list --user \S+ --from 20\S+Z --limit 2/,
    );
    expect(next.stdout).toContain('a.csv');
    expect(next.stdout).not.toContain('c.csv');
    expect(next.stderr).toBe('');
  });

  it('is empty, and no failure, when nothing matches', async () => {
    const { code, stdout } = await cli('list', '--user', NOBODY, '--state', 'parked');

    expect([code, stdout]).toEqual([0, 'None found.\n']);
    expect(await json('list', '--user', NOBODY)).toEqual({
      notifications: [],
      counts: [],
    });
  });
});

describe('bulk-notify resend --wait', () => {
  it('ends with 1 and the remedy while it stays parked, and with 0 when it is sent', async () => {
    const { taskId, userId } = await addSent({ email: null });
    const resend = (...options: string[]) =>
      cli('resend', taskId, 'completed', '--wait', ...options);

    const parked = await resend();
    const address = `late-${userId}@customer.example`;
    await addUser(surroundings.postgres.url, { userId, profileEmail: address });
    const sent = await resend('--unless-sent');
    const again = await resend('--unless-sent');

    expect([parked.code, parked.stdout]).toEqual([
      1,
      expect.stringMatching(/^Parked: recipient_missing\. Give the user's profile/),
    ]);
    expect([sent.code, sent.stdout]).toEqual([0, 'The email was handed to the relay.\n']);
    expect([again.code, again.stdout]).toEqual([
      0,
      'It was sent before, so the request did nothing.\n',
    ]);
    expect(mailsTo(address)).toHaveLength(1);
  });

  it('sends once for one request ID, and tells the result as JSON', async () => {
    const { taskId, eventId, address } = await addSent();
    const args = ['resend', taskId, 'completed', '--wait', '--request-id', 'T-1'];

    const results = [await json(...args), await json(...args)];

    const result = {
      event_id: eventId,
      request_id: 'T-1',
      requested: true,
      result: 'sent',
    };
    expect(results).toEqual([expect.objectContaining(result), expect.objectContaining(result)]);
    expect(mailsTo(address)).toHaveLength(2);
  });

  it('ends with 1 and says as what it was requested when the ledger cannot be read', async () => {
    const args = ['resend', NOBODY, 'completed', '--wait', '--request-id', 'T-2'];
    const ADMIN_DATABASE_URL = 'postgres://reader@127.0.0.1:1/none';

    const ended = await runCli(args, {
      ...{ PATH: process.env.PATH, ...surroundings.environment, ADMIN_DATABASE_URL },
    });

    expect([ended.code, ended.stdout]).toEqual([
      1,
      'Requested as T-2. What came of it cannot be read now.\n',
    ]);
    expect(ended.stderr).toContain('bulk-notify show');
  });
});

describe('bulk-notify preview', () => {
  it('prints the bytes that the relay got, but for the recipient, the Message-ID and the date', async () => {
    const { eventId, address } = await addSent({ filename: HOSTILE });

    const { code, stdout } = await cli('preview', '--event', eventId, '--raw');

    const [received] = mailsTo(address);
    expect(code).toBe(0);
    expect(withoutOwnHeaders(stdout)).toBe(withoutOwnHeaders(received!.raw.toString()));
  });

  it('ends with 1 for a notification that the ledger does not know', async () => {
    const { code, stdout } = await cli('preview', '--event', workflowId(NOBODY, 'failed'));

    expect([code, stdout]).toEqual([1, 'The ledger knows no email of it.\n']);
  });
});

describe('bulk-notify bulk', () => {
  it('says how many, sends them once on demand, and reports on each', async () => {
    const { relay, provider } = surroundings;
    const { userId, address } = await surroundings.addUpload();
    relay.answer({
      step: 'rcpt-to',
      code: 550,
      text: '5.1.1 no such user',
      times: Infinity,
    });
    const file = {
      filename: 'a.csv',
      email_count: 3,
      status: 'completed',
    } as const;
    const tasks = [1, 2, 3].map(() => provider.addTask({ user_id: userId, file }));
    await Promise.all(tasks.map(({ id }) => surroundings.notify(api, { taskId: id })));
    relay.answerNormally();
    const args = ['bulk', 'resend', '--state', 'parked', '--user', userId];

    const dryRun = await cli(...args);
    const apply = ['--apply', '--request-id', `mended-${userId}`, '--by', 'Kim', '--rate', '20'];
    const begun = await cliInTime(...args, ...apply, '--json');
    const started = JSON.parse(begun.stdout);
    await until('it has completed', async () => {
      const { bulk } = await json('bulk', 'show', started.bulk_id);
      return bulk?.state === 'completed' && bulk.counts.sent === 3;
    });
    const shown = await cli('bulk', 'show', started.bulk_id);
    const again = await json(...args, ...apply);
    const other = await cli(...args, '--from', '1h', ...apply);
    const items = await json('bulk', 'items', started.bulk_id);
    const listed = await cli('bulk', 'list');
    const cancelled = await cliInTime('bulk', 'cancel', started.bulk_id);

    expect(dryRun.stdout).toMatch(/^3 would be sent\.\n\nFor example:\n/);
    expect(dryRun.stderr).toMatch(
      /^\nNothing was sent\. To send them: bulk-notify bulk resend --st/,
    );
    // A command to which Temporal was slow may have begun it: the next one is told that it is not new.
    expect(started).toEqual({ bulk_id: expect.any(String), is_new: expect.any(Boolean) });
    expect(started.is_new || !begun.isFirst).toBe(true);
    expect(shown.stdout).toMatch(/\nProgress +3 requested \(3 sent\)\n/);
    expect(again).toEqual({ bulk_id: started.bulk_id, is_new: false });
    expect([other.code, other.stdout]).toEqual([1, expect.stringContaining('otherwise (from): ')]);
    expect(items.items).toHaveLength(3);
    expect(listed.stdout).toContain(started.bulk_id);
    expect([cancelled.code, cancelled.stdout]).toEqual([1, 'It is not running.\n']);
    expect(mailsTo(address)).toHaveLength(3);
  });

  it.each([
    [['bulk', 'resend'], 'A bulk resend needs at least one filter.'],
    [['bulk', 'resend', '--state', 'parked', '--apply'], 'The request ID must be'],
    [
      ['bulk', 'resend', '--state', 'parked', '--rate', '0'],
      'The rate must be from 0.1 to 50 a second',
    ],
    [['bulk', 'show', 'x'], 'bulk show needs the ID'],
    [['bulk', 'items', `bulk_resend:${'0'.repeat(32)}`, '--result', 'x'], '--result must be'],
  ])('ends with 2 for %j', async (args, fault) => {
    const { code, stdout, stderr } = await cli(...args);

    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(fault);
  });

  it('ends with 1 for a bulk resend that there is not', async () => {
    const { code, stdout } = await cli('bulk', 'show', `bulk_resend:${'0'.repeat(32)}`);

    expect([code, stdout]).toEqual([1, 'There is no such bulk resend.\n']);
  });
});

function mailsTo(address: string | null) {
  return surroundings.relay.received.filter(({ envelope }) => envelope.to.includes(address ?? ''));
}

const withoutOwnHeaders = (message: string) =>
  message.replaceAll(/^(?:To|Message-ID|Date):.*\r\n(?:[ \t].*\r\n)*/gm, '');
