import type { Client } from '@temporalio/client';
import { simpleParser } from 'mailparser';
import type { ReceivedMail } from '../../tools/sandbox/relay/mailbox';
import type { ServiceProcess } from '../../tools/sandbox/service/service-process';
import { type RawUpstream, rawUpstream } from '../support/raw-upstream';
import { startSurroundings, type Surroundings } from '../support/surroundings';
import { connectClient } from '../support/temporal-client';

const MB = 1_000_000;
/** Of a run that is well; its file name appears in it a few times. */
const HISTORY_MAX_BYTES = 64 * 1024;
/** Of Temporal's `limit.userMetadataSummarySize`. */
const SUMMARY_MAX_BYTES = 400;

type Answer = { status?: number; body: string };

/** What the provider answers about a task, in turn; the last one stays. */
const answers = new Map<string, Answer[]>();
let surroundings: Surroundings;
let provider: RawUpstream;
let api: ServiceProcess;
let client: Client;

beforeAll(async () => {
  provider = await rawUpstream((response, { url = '' }) => {
    const turns = answers.get(url.slice(url.lastIndexOf('/') + 1)) ?? [];
    const { status = 200, body = '' } = (turns.length > 1 ? turns.shift() : turns[0]) ?? {};
    response.writeHead(status).end(body);
  });
  [surroundings, client] = await Promise.all([startSurroundings(), connectClient()]);
  // With a rate limit each mail is an activity of its own, with a summary and a fairness key.
  const environment = { EMAIL_API_BASE_URL: provider.baseUrl, SMTP_MAX_PER_SECOND: '50' };
  [api] = await Promise.all([surroundings.start('api'), surroundings.start('worker', environment)]);
});

afterAll(async () => {
  await Promise.all([surroundings.close(), client.connection.close()]);
  await provider.close();
});

const refusal = (code: string) => JSON.stringify({ error: { code, message: code } });

interface Told {
  task?: Record<string, unknown>;
  file?: Record<string, unknown>;
  /** What the provider answers before. */
  first?: Answer;
}

/** Posts the webhook of a task of which the provider tells this, and waits for the run's end. */
async function notify({ task, file, first }: Told) {
  const { taskId, userId, address } = await surroundings.addUpload();
  const wholeFile = { filename: 'leads.csv', email_count: 3, status: 'completed', ...file };
  const whole = { id: taskId, user_id: userId, is_file_backed: true, file: wholeFile, ...task };
  answers.set(taskId, [...(first ? [first] : []), { body: JSON.stringify(whole) }]);
  await surroundings.post(api, { taskId, userId });
  const handle = client.workflow.getHandle(`bulk_upload_notification:${taskId}:completed`);
  const result: unknown = await handle.result();
  const history = await handle.fetchHistory();
  const { historySize = 0 } = await handle.describe();
  const isTheirs = (mail: ReceivedMail) => mail.envelope.to.includes(address ?? '');
  const { subject = '' } = await simpleParser((await surroundings.relay.waitForMail(isTheirs)).raw);
  const [, shown = ''] = /^Verification of (.*) is complete$/su.exec(subject) ?? [];
  const summaries = (history.events ?? []).map(
    ({ userMetadata }) => userMetadata?.summary?.data?.length ?? 0,
  );
  return { result, historySize, shown, summaries };
}

describe("the provider's answer", () => {
  it.each<[string, Told, RegExp]>([
    ['a file name of 3 MB', { file: { filename: `${'x'.repeat(3 * MB)}.csv` } }, /^x+…x+\.csv$/],
    [
      'a file name of emoji',
      { file: { filename: `${'👩\u200d💻'.repeat(400)}.csv` } },
      /^(?:👩\u200d💻)+…(?:👩\u200d💻)+\.csv$/u,
    ],
    ['a file name of quotes', { file: { filename: '"\\'.repeat(200) } }, /^["\\]+…["\\]+$/],
    [
      'a file name of controls',
      { file: { filename: `a${'\u0000\u0007'.repeat(400)}.csv` } },
      /^a\.csv$/,
    ],
    ['a status of 3 MB', { file: { status: 'completed'.repeat(300_000) } }, /^leads\.csv$/],
    ['an upload ID of 3 MB', { file: { upload_id: 'x'.repeat(3 * MB) } }, /^leads\.csv$/],
    ['a user ID of odd characters', { task: { user_id: 'a\u0000\u202e ü' } }, /^leads\.csv$/],
    ['a user ID of 3 MB', { task: { user_id: 'x'.repeat(3 * MB) } }, /^leads\.csv$/],
    ['the largest count', { file: { email_count: Number.MAX_SAFE_INTEGER } }, /^leads\.csv$/],
    ['a count beyond all bounds', { file: { email_count: 1e300 } }, /^leads\.csv$/],
    [
      'a lone surrogate',
      { file: { filename: 'a\ud800\udc00\ud800.csv' } },
      /^a\u{10000}\ufffd\.csv$/u,
    ],
    ['large characters', { file: { filename: '💻'.repeat(400) } }, /^💻+…💻+$/u],
  ])('with %s becomes a mail, and a short history', async (_what, told, expected) => {
    const { result, historySize, shown, summaries } = await notify(told);

    expect(result).toMatchObject({ state: 'sent' });
    expect(historySize).toBeLessThan(HISTORY_MAX_BYTES);
    expect(shown).toMatch(expected);
    expect(Math.max(...summaries)).toBeLessThanOrEqual(SUMMARY_MAX_BYTES);
  });

  it.each<[string, Answer]>([
    ['another ID of 3 MB', { body: JSON.stringify({ id: 'x'.repeat(3 * MB), file: {} }) }],
    ['a refusal of 3 MB', { status: 500, body: refusal('X'.repeat(3 * MB)) }],
    [
      'a refusal with lone surrogates',
      { status: 500, body: refusal(`X\ud800${'\udc00'.repeat(99)}`) },
    ],
    ['bytes that are no text', { status: 503, body: '\u0000\ud800"\\' }],
    ['three million members', { body: `{"a":[${'0,'.repeat(3 * MB)}0]}` }],
    ['brackets of any depth', { body: '['.repeat(3 * MB) }],
  ])('that is first %s makes the run wait, and become a mail', async (_what, first) => {
    const { result, historySize } = await notify({ first });

    expect(result).toMatchObject({ state: 'sent' });
    expect(historySize).toBeLessThan(HISTORY_MAX_BYTES);
  });
});
