import type { WorkflowHandle } from '@temporalio/client';
import { randomUUID } from 'node:crypto';
import { transient } from '../../activities/failures/transient';
import { createLedger } from '../../src/clients/postgres/ledger';
import { createNotificationRuns } from '../../src/temporal/notification-runs';
import { createUploadWatches } from '../../src/temporal/upload-watches';
import { addUser } from '../../tools/sandbox/postgres/add-user';
import { until } from '../../tools/sandbox/until';
import { workflowId } from '../../workflows/core/workflow-id';
import { resendSignal } from '../../workflows/notification/messages';
import { accepted, createFakes } from '../support/fakes';
import { ADMIN_TOKEN } from '../support/planted-values';
import { startSurroundings, type Surroundings } from '../support/surroundings';
import { type DoorAnswers, openDoors } from '../support/three-doors';
import { untilAnswered } from '../support/until-answered';
import { untilFound } from '../support/until-found';
import { useLedger } from '../support/use-ledger';
import { useTemporal, withWorker } from '../support/workflow-worker';

const TEMPORAL_UI_URL = 'http://ui.example';
/** Each poll is a call of the API or of Temporal. */
const POLLS = { intervalMs: 250 };

const { postgres } = useLedger();
const temporal = useTemporal();
let surroundings: Surroundings;
let doors: Awaited<ReturnType<typeof openDoors>>;

beforeAll(async () => {
  surroundings = await startSurroundings();
  const environment = { ...surroundings.environment, TEMPORAL_UI_URL, GIVE_UP_AFTER: '96h' };
  const api = await surroundings.start('api', { ...environment, ADMIN_API_TOKEN: ADMIN_TOKEN });
  doors = await openDoors({ port: api.adminPort!, token: ADMIN_TOKEN, environment });
});
afterAll(() => surroundings.close());

type Start = Parameters<Parameters<typeof withWorker>[1]>[0];
type Answers = Parameters<typeof createFakes>[0];

interface Made {
  start: Start;
  taskQueue: string;
}

interface Situation {
  /** How the provider, the database of recipients and the relay answer the worker. */
  answers?: Answers | (() => Answers);
  /** Brings it about, and returns what is asked for; by default a run, by its task. */
  make?: (made: Made) => Promise<string>;
  says: RegExp;
  /** Of the notification, as JSON. */
  shown?: object;
  /** Beside the sentence, in each door. */
  also?: RegExp;
  /** Exit code of the command. */
  code?: 0 | 1;
}

const fault = {
  fault: 'unavailable' as const,
  cause: 'ECONNREFUSED',
  message: 'no answer (ECONNREFUSED)',
  // The next attempt is due for as long as the doors are asked.
  retryAfterMs: 600_000,
};
const deferred = {
  ...{ verdict: 'deferred' as const, step: 'auth' as const, code: 535, cause: '535' },
  ...{ reply: '535 5.7.8 bad credentials', configuration: true },
};
const refused = { verdict: 'refused' as const, step: 'rcpt-to' as const, code: 550 };
const ambiguous = { verdict: 'ambiguous' as const, reply: 'timeout' };
const outage = transient('DatabaseUnavailable', 'the database did not answer (ECONNREFUSED)', {
  ...{ part: 'database' as const, code: 'ECONNREFUSED' },
});

const ANYTHING = /./;
const REMEDY = expect.any(String) as string;
const WAITING = { state: 'waiting', run_status: 'open', started_by: 'webhook', remedy: REMEDY };
const parked = (reason: string) => ({ state: 'parked', reason, remedy: REMEDY });
const NEITHER =
  'the ledger has no mail, and Temporal, which forgets closed runs after 30 days, has no run\\.$';

const SITUATIONS: Record<string, Situation> = {
  sent: {
    says: /^Sent: the relay accepted the mail at .* UTC; nothing more is sent unless/,
    shown: { state: 'sent', file_name: 'customers.csv', email_count: 12, sent_count: 1 },
    also: /accepted by the relay|handed to the relay|"verdict":"accepted"/,
  },
  'assumed to be sent': {
    answers: { verdicts: [ambiguous], policy: 'assume_sent' },
    says: /^Assumed to be sent at .*: the relay got the mail and gave no answer/,
    shown: { state: 'sent' },
  },
  'waiting for the relay': {
    answers: { verdicts: [deferred] },
    says: /waits for the relay \(auth: 535 .*\): attempt 2 is due at .* UTC, until it is given up at/,
    shown: {
      ...WAITING,
      wait: expect.objectContaining({ for: 'the relay', attempt: 2 }) as object,
    },
  },
  'waiting for the provider': {
    answers: { tasks: [fault] },
    says: /waits for the provider \(no answer \(ECONNREFUSED\)\): attempt \d+ is due at/,
    shown: { ...WAITING, wait: expect.objectContaining({ for: 'the provider' }) as object },
  },
  'waiting for the database': {
    answers: { addresses: [outage] },
    says: /waits for the database \(the database did not answer \(ECONNREFUSED\)\)/,
    shown: { ...WAITING, wait: expect.objectContaining({ for: 'the database' }) as object },
  },
  'waiting for a worker': {
    async make() {
      const taskId = randomUUID();
      await temporal.client.workflow.start('bulkUploadNotification', {
        ...{ workflowId: workflowId(taskId, 'completed'), taskQueue: `unpolled-${taskId}` },
        args: [{ taskId, isVerified: true, stats: {}, jobCount: 0 }],
      });
      return taskId;
    },
    says: /^The mail is not sent yet: no worker has taken it since/,
    shown: { ...WAITING, wait: { for: 'a worker' } },
  },
  'parked: no address': {
    answers: { addresses: [[]] },
    says: /^Parked since .* UTC: the user has no valid e-mail address; nothing more is sent/,
    shown: parked('recipient_missing'),
  },
  'parked: the mails of a day': {
    answers: () => ({
      addresses: [[`owner-${randomUUID()}@customer.example`]],
      ledger: createLedger({ database: postgres.database, recipientMaxPerDay: 1 }),
    }),
    async make({ start }) {
      await (await start()).result();
      return started(start);
    },
    says: /the address had a day's first mails/,
    shown: parked('recipient_limit'),
  },
  'parked: refused': {
    answers: { verdicts: [{ ...refused, reply: '550 5.1.1 no such user' }] },
    says: /the relay refused the recipient or the message \("550 5\.1\.1 no such user"\)/,
    shown: parked('refused'),
  },
  'parked: nothing known of the file': {
    answers: { tasks: [{ fileName: undefined }] },
    says: /the provider does not know the task or the name of its file/,
    shown: parked('task_metadata_missing'),
  },
  'parked: uncertain': {
    answers: { verdicts: [ambiguous], policy: 'park' },
    says: /the relay got the whole message and gave no answer/,
    shown: parked('uncertain'),
  },
  'parked: given up': {
    answers: { tasks: [fault], giveUpAfterMs: 0 },
    says: /nothing answered for as long as GIVE_UP_AFTER allows/,
    shown: parked('gave_up'),
  },
  'handed over': {
    answers: { tasks: [{ fileStatus: 'failed' }] },
    make: async ({ start }) => workflowId(await started(start), 'completed'),
    says: /^Handed over: the provider names the other outcome, so bulk_upload_notification:.*:failed sends the mail\.$/,
    shown: { state: 'handed_over', handed_over_to: expect.stringMatching(/:failed$/) as string },
  },
  'handed over, by the task': {
    answers: { tasks: [{ fileStatus: 'failed' }] },
    says: /^Sent: /,
    shown: { state: 'sent', outcome: 'failed', started_by: 'hand_over' },
  },
  'nothing to send': {
    answers: { tasks: [{ fileBacked: false }] },
    says: /^No mail is due: the task has no file\.$/,
    shown: { state: 'nothing_to_send', reason: 'not_file_backed' },
  },
  'resend under way': {
    answers: { verdicts: [accepted, deferred] },
    async make({ start }) {
      const taskId = randomUUID();
      const handle = await start({ taskId }, 'completed', { resendWindowMs: 600_000 });
      await untilApiSays(taskId, /^Sent: /);
      const request = { requestId: 'r1', requestedBy: 'ada\u202e', reason: 'lost' };
      await handle.signal(resendSignal, request);
      return taskId;
    },
    says: /^Resend 1 \(asked for by ada at .*\) is not sent yet: it waits for the relay/,
    shown: {
      remedy: REMEDY,
      resends: [expect.objectContaining({ result: 'waiting', resend: 1 })],
      attempts: ['accepted', 'deferred'].map((verdict) => expect.objectContaining({ verdict })),
    },
  },
  'closed and forgotten by Temporal': {
    async make({ start }) {
      const handle = await start();
      await handle.result();
      await forget(handle);
      return handle.workflowId;
    },
    says: /^Sent: the relay accepted the mail at/,
    shown: { state: 'sent', run_status: 'forgotten' },
    also: /forgotten/,
  },
  'nothing to send, and forgotten by Temporal': {
    answers: { tasks: [{ fileBacked: false }] },
    async make({ start }) {
      const handle = await start();
      await handle.result();
      await forget(handle);
      return handle.workflowId;
    },
    says: new RegExp(`^No webhook is known for task .* with this outcome: ${NEITHER}`),
    code: 1,
  },
  'never received, and watched': {
    async make({ taskQueue }) {
      const taskId = randomUUID();
      const times = { sweepAfterMs: 600_000, giveUpAfterMs: 900_000, resendWindowMs: 0 };
      const watches = createUploadWatches({ client: temporal.client, taskQueue, options: times });
      await untilAnswered(() => watches.watch({ taskId, ownCallback: true }));
      return taskId;
    },
    says: new RegExp(`^No webhook is known for task .*: ${NEITHER}`),
    also: /The upload is watched: its webhook is awaited until .* UTC, then the provider is asked\./,
    code: 1,
  },
  'never received': {
    make: () => Promise.resolve(randomUUID()),
    says: new RegExp(`^No webhook is known for task or user .*: ${NEITHER}`),
    code: 1,
  },
  'an unknown address': {
    make: () => Promise.resolve(`no-account-${randomUUID()}@nowhere.example`),
    says: /^No user has the address n…@nowhere\.example, and the ledger names no mail to it\.$/,
    code: 1,
  },
  'an address whose user has uploaded nothing': {
    async make() {
      const userId = randomUUID();
      const address = `owner-${userId}@customer.example`;
      await addUser(surroundings.postgres.url, { userId, profileEmail: address });
      return address;
    },
    says: /^No webhook is known for user .*, who has the address o…@customer\.example: the ledger/,
    code: 1,
  },
};

async function started(start: Start): Promise<string> {
  const taskId = randomUUID();
  await start({ taskId });
  return taskId;
}

async function forget({ workflowId: id }: WorkflowHandle): Promise<void> {
  const { client } = temporal;
  const { namespace } = client.options;
  await client.workflowService.deleteWorkflowExecution({
    namespace,
    workflowExecution: { workflowId: id },
  });
  const runs = createNotificationRuns(temporal);
  const describe = () => untilAnswered(() => runs.describe(id));
  await until('it is forgotten', async () => !(await describe()), POLLS);
}

async function untilApiSays(query: string, says: RegExp, also = ANYTHING): Promise<void> {
  let text = '';
  await until(
    `${query} is shown`,
    async () => {
      const answer = await doors.askApi(query);
      ({ text } = answer);
      return says.test(answer.sentence) && also.test(text);
    },
    POLLS,
  ).catch((err: unknown) => {
    throw new Error(`${String(err)}: ${text}`);
  });
}

async function answersTo({ answers = {}, make, says, also }: Situation): Promise<DoorAnswers> {
  const given = typeof answers === 'function' ? answers() : answers;
  const fakes = createFakes({ ledger: postgres.ledger, ...given });
  return withWorker({ ...temporal, fakes }, async (start, taskQueue) => {
    const query = make ? await make({ start, taskQueue }) : await started(start);
    await untilApiSays(query, says, also);
    return askAllInTime(query);
  });
}

/** What a door says that goes without the answer of a part: Temporal may not have told its retention. */
const PARTIAL = /could not be asked|closed runs in time/;

/** The answers when each part behind the doors has answered them in time. */
function askAllInTime(query: string): Promise<DoorAnswers> {
  return untilFound('an answer of each part to each door', async () => {
    const answers = await doors.askAll(query);
    return Object.values(answers).some(({ text }) => PARTIAL.test(text)) ? undefined : answers;
  });
}

describe('"Where is my mail?" is answered by command, API and page', () => {
  it.each(Object.entries(SITUATIONS))('%s', async (_what, situation) => {
    const { says, shown, also = ANYTHING, code = 0 } = situation;

    const { cli, api, page } = await answersTo(situation);

    for (const { sentence, text } of [cli, api, page]) {
      expect(sentence).toMatch(says);
      expect(text).toMatch(also);
      expect(text).not.toMatch(/owner[\w-]*@|no-account-/);
    }
    expect(cli.code).toBe(code);
    const found = shown ? 'notification' : 'nothing';
    expect(api.body).toMatchObject({ found, ...(shown && { notification: shown }) });
    const hasRemedy = shown !== undefined && 'remedy' in shown;
    expect(api.text.includes('"remedy":')).toBe(hasRemedy);
    expect(cli.text.includes('\nRemedy: ')).toBe(hasRemedy);
    expect(page.text.includes('To do: ')).toBe(hasRemedy);
  });
});
