import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { listenHttp, type Listener } from '../../../tools/sandbox/network/listen-http';
import { startProvider } from '../../../tools/sandbox/provider/provider';
import { createTaskApi } from '../../../src/clients/provider/task-api';

const TASK_ID = '550e8400-e29b-41d4-a716-446655440000';
const OTHER_ID = '11111111-1111-1111-1111-111111111111';
const KEY = 'the-admin-key';
const MIB = 2 ** 20;

type Answer = (response: ServerResponse, request: IncomingMessage) => void;

let provider: Listener | undefined;

afterEach(async () => {
  await provider?.close();
  provider = undefined;
});

/** An API of which every answer is this one, and what it was asked. */
async function apiThatAnswers(answer: Answer) {
  const requests: IncomingMessage[] = [];
  provider = await listenHttp((request, response) => {
    requests.push(request);
    answer(response, request);
  });
  const baseUrl = `http://127.0.0.1:${provider.port}/api/v1`;
  return { ...createTaskApi({ baseUrl, key: KEY }), requests };
}

const json =
  (body: unknown, status = 200, headers: Record<string, string> = {}): Answer =>
  (response) =>
    void response.writeHead(status, headers).end(JSON.stringify(body));
const text =
  (body: string | Buffer): Answer =>
  (response) =>
    void response.end(body);

const gzipped =
  (body: Buffer, name = 'gzip'): Answer =>
  (response) =>
    void response.writeHead(200, { 'Content-Encoding': name }).end(body);

const never = () => new AbortController().signal;
const fetchTask = async (answer: Answer, taskId = TASK_ID) =>
  (await apiThatAnswers(answer)).fetchTask(taskId, never());

/** What the API says of a task; what a test is about goes into the changes. */
const shape = (change: Record<string, unknown> = {}, fileChange: Record<string, unknown> = {}) => ({
  id: TASK_ID,
  user_id: 'the-user',
  file_name: 'of the task.csv',
  is_file_backed: true,
  file: {
    upload_id: OTHER_ID,
    filename: 'of the file.csv',
    email_count: 3,
    status: 'completed',
    ...fileChange,
  },
  ...change,
});
const task = {
  id: TASK_ID,
  userId: 'the-user',
  fileBacked: true,
  fileName: 'of the file.csv',
  emailCount: 3,
  fileStatus: 'completed',
};
const unavailable = (message: string) => ({ fault: 'unavailable', message });

describe('fetchTask', () => {
  it("returns the provider's task", async () => {
    const boltRoute = await startProvider();
    const { id } = boltRoute.addTask({ user_id: 'the-user', file: { filename: 'leads.csv' } });
    const { baseUrl, adminKey: key } = boltRoute;

    const found = await createTaskApi({ baseUrl, key }).fetchTask(id, never());
    await boltRoute.stop();

    expect(found).toEqual({ ...task, id, fileName: 'leads.csv' });
  });

  it('sends one request for the task, with the key', async () => {
    const api = await apiThatAnswers(json(shape()));

    await api.fetchTask(TASK_ID, never());

    expect(api.requests).toHaveLength(1);
    expect(api.requests[0]).toMatchObject({
      method: 'GET',
      url: `/api/v1/tasks/${TASK_ID}`,
      headers: {
        authorization: `Bearer ${KEY}`,
        accept: 'application/json',
        'accept-encoding': 'gzip',
        'user-agent': 'bulk-notify',
      },
    });
  });

  it.each(['gzip', 'GZIP', 'x-gzip'])('reads an answer in %s', async (name) => {
    const found = await fetchTask(gzipped(gzipSync(JSON.stringify(shape())), name));

    expect(found).toEqual(task);
  });

  it('refuses an answer in gzip that is larger than 32 MiB', async () => {
    const found = await fetchTask(gzipped(gzipSync(Buffer.alloc(33 * MIB, ' '))));

    expect(found).toEqual(unavailable("the provider's answer is too large"));
  });

  it.each([
    ['../credits/balance', '..%2Fcredits%2Fbalance'],
    ['id?x=1', 'id%3Fx%3D1'],
    ['id#x', 'id%23x'],
    ['id\nx', 'id%0Ax'],
  ])('encodes %j as one segment of the path', async (taskId, escaped) => {
    const api = await apiThatAnswers(json(shape()));

    const answer = await api.fetchTask(taskId, never());

    expect(api.requests[0]!.url).toBe(`/api/v1/tasks/${escaped}`);
    expect(answer).toEqual(unavailable('the provider answered with another task'));
  });

  const withoutFile = { fileName: 'of the task.csv', emailCount: undefined, fileStatus: undefined };

  it.each<[string, Record<string, unknown>, object]>([
    ['all that it has', {}, {}],
    ['an ID in capitals', { id: ` ${TASK_ID.toUpperCase()} ` }, {}],
    ['no ID', { id: undefined }, {}],
    ['a null ID', { id: null }, {}],
    ['a blank ID', { id: ' ' }, {}],
    ['no ID and no file', { id: undefined, file: null }, withoutFile],
    ['no ID and no word on the file', { id: undefined, is_file_backed: undefined }, {}],
    ['no user', { user_id: undefined }, { userId: undefined }],
    ['a null user', { user_id: null }, { userId: undefined }],
    ['a number as user', { user_id: 42 }, { userId: undefined }],
    ['no file', { file: undefined }, withoutFile],
    ['a null file', { file: null }, withoutFile],
    ['a list as file', { file: [1] }, withoutFile],
    ['a text as file', { file: 'leads.csv' }, withoutFile],
    ['an empty file', { file: {} }, withoutFile],
    ['no name at all', { file: {}, file_name: null }, { ...withoutFile, fileName: undefined }],
    [
      'unexpected types in unused fields',
      { metrics: 33.3, jobs: 'many', source: {}, created_at: 0 },
      {},
    ],
    ['null in unused fields', { metrics: { job_status: { failed: null } }, jobs: null }, {}],
  ])('parses a task with %s', async (_what, change, expected) => {
    const found = await fetchTask(json(shape(change)));

    expect(found).toEqual({ ...task, ...expected });
  });

  it.each<[string, Record<string, unknown>, object]>([
    ['no name', { filename: undefined }, { fileName: 'of the task.csv' }],
    ['a blank name', { filename: ' ' }, { fileName: 'of the task.csv' }],
    ['a number as name', { filename: 12 }, { fileName: 'of the task.csv' }],
    ['blanks around its name', { filename: ' a b.csv\t' }, { fileName: 'a b.csv' }],
    ['a lone surrogate in its name', { filename: 'a\ud800' }, { fileName: 'a\ufffd' }],
    ['no addresses', { email_count: 0 }, { emailCount: 0 }],
    ['a whole count with a fraction', { email_count: 3.0 }, { emailCount: 3 }],
    ['a count with a fraction', { email_count: 2.5 }, { emailCount: undefined }],
    ['digits as count', { email_count: '3' }, { emailCount: undefined }],
    ['a boolean as count', { email_count: true }, { emailCount: undefined }],
    ['a negative count', { email_count: -1 }, { emailCount: undefined }],
    ['a null count', { email_count: null }, { emailCount: undefined }],
    ['a status in capitals', { status: ' Failed ' }, { fileStatus: 'failed' }],
    ['a status that is not final', { status: 'processing' }, { fileStatus: 'processing' }],
    ['a number as status', { status: 1 }, { fileStatus: undefined }],
    ['unexpected types in unused fields', { task_id: 12, created_at: [], updated_at: null }, {}],
  ])('parses a task whose file has %s', async (_what, change, expected) => {
    const found = await fetchTask(json(shape({}, change)));

    expect(found).toEqual({ ...task, ...expected });
  });

  const nothing = { is_file_backed: false, file: null };

  it.each<[string, Record<string, unknown>, boolean]>([
    ['says so', { is_file_backed: true, file: null }, true],
    ['has an upload ID', { ...nothing, file: { upload_id: 'u' } }, true],
    ['has a file name', { ...nothing, file: { filename: 'f' } }, true],
    ['says nothing but has a file', { is_file_backed: undefined, file: { filename: 'f' } }, true],
    ['says otherwise', nothing, false],
    ['says nothing', { is_file_backed: undefined, file: undefined }, false],
    ['has a blank file', { ...nothing, file: { upload_id: ' ', filename: '' } }, false],
    ['has only its own file name', { ...nothing, file_name: 'manual' }, false],
    ['says yes in a word', { is_file_backed: 'yes', file: null }, false],
    ['says yes by a number', { is_file_backed: 1, file: null }, false],
  ])('tells whether a task is file-backed when it %s', async (_what, change, fileBacked) => {
    const found = await fetchTask(json(shape(change)));

    expect(found).toMatchObject({ id: TASK_ID, fileBacked });
  });

  it.each<[string, Answer, string]>([
    ['another task', json(shape({ id: OTHER_ID })), 'the provider answered with another task'],
    ['an empty object', json({}), "the provider's answer is not a task"],
    ['an error of a proxy', json({ detail: 'Not found' }), "the provider's answer is not a task"],
    ['a number as ID', json(shape({ id: 12 })), "the provider's answer is not a task"],
    ['a list', json([shape()]), "the provider's answer is not a task"],
    ['null', json(null), "the provider's answer is not a task"],
    ['a page', text('<html>Sign in</html>'), "the provider's answer is not a task"],
    ['nothing', text(''), "the provider's answer is not a task"],
    [
      'half a task',
      text(JSON.stringify(shape()).slice(0, -1)),
      "the provider's answer is not a task",
    ],
    ['202 and no task', json({ status: 'pending' }, 202), "the provider's answer is not a task"],
  ])('returns the fault "unavailable" for %s', async (_what, answer, message) => {
    const found = await fetchTask(answer);

    expect(found).toMatchObject(unavailable(message));
  });

  it.each<[number, string]>([
    [400, 'unavailable'],
    [401, 'unauthorized'],
    [403, 'unauthorized'],
    [404, 'not_found'],
    [410, 'not_found'],
    [429, 'unavailable'],
    [500, 'unavailable'],
    [502, 'unavailable'],
    [503, 'unavailable'],
  ])('maps the status %i to the fault %s', async (status, fault) => {
    const found = await fetchTask(json({ error: { code: 'THE_CODE', message: KEY } }, status));

    const message = `the provider answered ${status} (THE_CODE)`;
    expect(found).toEqual({ fault, status, message, retryAfterMs: undefined });
  });

  it.each<[string, unknown]>([
    ['no body', undefined],
    ['another shape', { detail: KEY }],
    ['a code that is none', { error: { code: 12, message: KEY } }],
    ['a text', KEY],
  ])('reports the status of a refusal with %s', async (_what, body) => {
    const found = await fetchTask(json(body, 500));

    expect(found).toMatchObject({ status: 500, message: 'the provider answered 500' });
  });

  it.each([
    ['X'.repeat(1_000), 'X'.repeat(64)],
    ['NO_USER jane@example.org', 'NO_USER'],
    [`${'X'.repeat(63)}\u{1f600}`, 'X'.repeat(63)],
  ])('reduces the code %j to its safe characters', async (code, told) => {
    const found = await fetchTask(json({ error: { code } }, 500));

    expect(found).toMatchObject({ message: `the provider answered 500 (${told})` });
  });

  it.each([
    ['req-12:a.b_c', ' (THE_CODE, request req-12:a.b_c)'],
    ['x'.repeat(65), ' (THE_CODE)'],
    ['a b', ' (THE_CODE)'],
  ])('reports the request ID %j of a refusal only if it is valid', async (requestId, expected) => {
    const body = { error: { code: 'THE_CODE' } };

    const found = await fetchTask(json(body, 500, { 'X-Request-Id': requestId }));

    expect(found).toMatchObject({ message: `the provider answered 500${expected}` });
  });

  it('returns the Retry-After of a 429', async () => {
    const found = await fetchTask(json({}, 429, { 'Retry-After': '120' }));

    expect(found).toMatchObject({ fault: 'unavailable', status: 429, retryAfterMs: 120_000 });
  });

  it('does not follow a redirect with the key', async () => {
    const api = await apiThatAnswers(json({}, 302, { Location: '/elsewhere' }));

    const found = await api.fetchTask(TASK_ID, never());

    expect(found).toMatchObject({ fault: 'unavailable', status: 302 });
    expect(api.requests).toHaveLength(1);
  });

  it.each<[string, Answer]>([
    ['closes at once', (response) => void response.destroy()],
    [
      'resets in the middle of its answer',
      (response) => {
        response.writeHead(200, { 'Content-Length': '1000' }).write('{"id":');
        setImmediate(() => response.socket?.resetAndDestroy());
      },
    ],
    [
      'ends a chunk too early',
      (response) => void response.write('{"id":', () => response.destroy()),
    ],
    ['answers no HTTP', (response) => void response.socket?.end('hello\r\n')],
    ['answers in gzip that is none', gzipped(Buffer.from('hello'))],
    ['ends its gzip too early', gzipped(gzipSync(JSON.stringify(shape())).subarray(0, -20))],
  ])('returns the fault "unavailable" when the provider %s', async (_what, answer) => {
    const found = await fetchTask(answer);

    expect(found).toMatchObject(
      unavailable(expect.stringMatching(/^the provider did not answer \(\w+\)$/)),
    );
  });

  it('returns the fault "unavailable" when nothing listens', async () => {
    const gone = await listenHttp(() => {});
    await gone.close();
    const api = createTaskApi({ baseUrl: `http://127.0.0.1:${gone.port}`, key: KEY });

    const found = await api.fetchTask(TASK_ID, never());

    expect(found).toMatchObject({
      ...unavailable('the provider did not answer (ECONNREFUSED)'),
      cause: 'ECONNREFUSED',
    });
  });

  it('accepts an answer of 32 MiB and refuses a larger one', async () => {
    const body = Buffer.alloc(32 * MIB, ' ');
    body.write(JSON.stringify(shape()));
    let size = body.length;
    const api = await apiThatAnswers((response) => {
      response.write(body.subarray(0, size));
      response.end(size > body.length ? ' ' : '');
    });

    const largest = await api.fetchTask(TASK_ID, never());
    size += 1;
    const larger = await api.fetchTask(TASK_ID, never());

    expect(largest).toEqual(task);
    expect(larger).toEqual(unavailable("the provider's answer is too large"));
  });

  it('refuses an answer with millions of members before parsing', async () => {
    const keys = Array.from({ length: 3_000_000 }, (_, at) => `"${at.toString(36)}":0`).join();

    const found = await fetchTask(text(`{"id":"${TASK_ID}","metrics":{${keys}}}`));

    expect(found).toEqual(unavailable("the provider's answer has too many members"));
  });

  it.each([
    ['a file name of 3 MB', { filename: `${'x'.repeat(3 * MIB)}.csv` }, /^x{511}…x{508}\.csv$/],
    ['a file name of 3 MB of blanks', { filename: `x${' '.repeat(3 * MIB)}.csv` }, /^x +… +\.csv$/],
  ])('cuts %s in the middle', async (_what, change, expected) => {
    const found = await fetchTask(json(shape({}, change)));

    expect(found).toMatchObject({ fileName: expect.stringMatching(expected) });
  });

  it.each([
    ['a status of 3 MB', { status: 'completed'.repeat(350_000) }, { fileStatus: undefined }],
    ['an upload ID of 3 MB', { upload_id: 'x'.repeat(3 * MIB) }, {}],
  ])('leaves out %s', async (_what, change, expected) => {
    const found = await fetchTask(json(shape({}, change)));

    expect(found).toEqual({ ...task, ...expected });
  });

  it('waits for an answer that arrives in pieces', async () => {
    const letters = [...JSON.stringify(shape())];
    const send = (response: ServerResponse): void => {
      const letter = letters.shift();
      if (letter === undefined) response.end();
      else response.write(letter, () => setImmediate(send, response));
    };

    const found = await fetchTask(send);

    expect(found).toEqual(task);
  });

  it.each<[string, Answer]>([
    ['says nothing', () => {}],
    ['stops in the middle', (response) => void response.write('{"id":')],
  ])('times out after 30 seconds when the provider %s', async (_what, answer) => {
    const { setTimeout: inTime } = globalThis;
    const timeout = jest
      .spyOn(globalThis, 'setTimeout')
      .mockImplementation((act, ms) => inTime(act, ms === 30_000 ? 50 : ms));

    const found = await fetchTask(answer);

    expect(found).toMatchObject(unavailable('the provider did not answer (TimeoutError)'));
    expect(timeout).toHaveBeenCalledWith(expect.any(Function), 30_000);
    timeout.mockRestore();
  });

  it('rejects and aborts the request when it is stopped', async () => {
    const controller = new AbortController();
    const reason = new Error('shutting down');
    let cut: Promise<unknown> | undefined;
    const api = await apiThatAnswers((response) => {
      cut = once(response, 'close');
      controller.abort(reason);
    });

    const fetching = api.fetchTask(TASK_ID, controller.signal);

    await expect(fetching).rejects.toBe(reason);
    await expect(cut).resolves.toBeDefined();
  });

  it('rejects without a request when it was stopped before', async () => {
    const api = await apiThatAnswers(json(shape()));

    const fetching = api.fetchTask(TASK_ID, AbortSignal.abort());

    await expect(fetching).rejects.toMatchObject({ name: 'AbortError' });
    expect(api.requests).toEqual([]);
  });

  it('does not reveal a key that cannot be sent', async () => {
    const { port } = (provider = await listenHttp(() => {}));
    const api = createTaskApi({ baseUrl: `http://127.0.0.1:${port}`, key: `${KEY}\nhunter2` });

    const found = await api.fetchTask(TASK_ID, never());

    expect(found).toMatchObject(unavailable('the provider did not answer (UND_ERR_INVALID_ARG)'));
  });

  it.each<[string, Answer]>([
    ['refuses', json({ error: { code: 'UNAUTHORIZED', message: `Bearer ${KEY}` } }, 401)],
    ['echoes', (response, { headers }) => void response.end(JSON.stringify(headers))],
    ['redirects', json({}, 302, { Location: `/?key=${KEY}` })],
  ])('does not reveal the key when the provider %s', async (_what, answer) => {
    const found = await fetchTask(answer);

    expect(found).toHaveProperty('fault');
    expect(JSON.stringify(found)).not.toContain(KEY);
  });
});
