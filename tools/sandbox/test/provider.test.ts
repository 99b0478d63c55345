import { startProvider, type Provider } from '../provider/provider';
import { until } from '../until';
import { workbook } from '../../../test/support/workbook';

const USER_ID = '1b671a64-40d5-491e-99b0-da01ff1f3341';
const UNKNOWN_ID = '00000000-0000-4000-8000-000000000000';

const segment = (claims: object) => Buffer.from(JSON.stringify(claims)).toString('base64url');
const USER_TOKEN = `${segment({ alg: 'HS256' })}.${segment({ sub: USER_ID })}.signature`;

let provider: Provider;

beforeAll(async () => {
  provider = await startProvider();
});

afterEach(() => {
  provider.requests.length = 0;
  provider.uploads.length = 0;
});

afterAll(() => provider.stop());

async function call(path: string, { bearer = provider.adminKey, ...init }: CallOptions = {}) {
  const headers: Record<string, string> = bearer ? { Authorization: `Bearer ${bearer}` } : {};
  const response = await fetch(provider.baseUrl + path, { ...init, headers });
  const body = (await response.json()) as Record<string, unknown>;
  return { status: response.status, headers: response.headers, body };
}

type CallOptions = Omit<RequestInit, 'headers'> & { bearer?: string };

function upload(
  file: [name: string, content: string | Uint8Array<ArrayBuffer>] | undefined,
  fields: Record<string, string> = {},
  bearer = USER_TOKEN,
) {
  const form = new FormData();
  if (file) form.set('file', new Blob([file[1]]), file[0]);
  Object.entries(fields).forEach(([name, value]) => form.set(name, value));
  return call('/tasks/batch/upload', { method: 'POST', body: form, bearer });
}

const errorOf = (code: string, message: string) => ({ error: { code, message } });

describe('GET /tasks/:id', () => {
  it('answers with the whole task', async () => {
    const { id } = provider.addTask({
      user_id: USER_ID,
      file: { filename: 'q3.csv', email_count: 1_250 },
    });

    const { status, body } = await call(`/tasks/${id}`);

    expect(status).toBe(200);
    expect(body).toMatchObject({
      id,
      user_id: USER_ID,
      file_name: 'q3.csv',
      is_file_backed: true,
      file: { task_id: id, filename: 'q3.csv', email_count: 1_250, status: 'completed' },
      source: 'frontend',
      metrics: {
        total_email_addresses: 1_250,
        job_status: { pending: 0, processing: 0, completed: 1_250, failed: 0 },
        progress_percent: 100,
      },
    });
    expect(body.finished_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    expect(body.jobs).toHaveLength(10);
  });

  it.each([
    ['no bearer', '', UNKNOWN_ID, 401, errorOf('UNAUTHORIZED', 'Missing or invalid token')],
    ['a wrong key', 'wrong', UNKNOWN_ID, 401, errorOf('UNAUTHORIZED', 'Missing or invalid token')],
    ['an unknown task', undefined, UNKNOWN_ID, 404, errorOf('NOT_FOUND', 'Task not found')],
    ['no UUID', undefined, 'x', 400, errorOf('VALIDATION_ERROR', 'id must be a valid UUID')],
  ])('answers in the provider’s error shape for %s', async (_, bearer, id, status, body) => {
    expect(await call(`/tasks/${id}`, { bearer })).toMatchObject({ status, body });
  });

  it('answers 403 to another user', async () => {
    const { id } = provider.addTask();

    expect(await call(`/tasks/${id}`, { bearer: USER_TOKEN })).toMatchObject({
      status: 403,
      body: errorOf('FORBIDDEN', 'Access denied'),
    });
  });

  it('shows a task that has no file', async () => {
    const { id } = provider.addTask({ file: null });

    expect((await call(`/tasks/${id}`)).body).toMatchObject({ is_file_backed: false, file: null });
  });

  it('shows a task as processing until its status is set', async () => {
    const { id } = provider.addTask({ file: { status: 'processing' } });
    const before = await call(`/tasks/${id}`);
    provider.setStatus(id, 'failed');
    const after = await call(`/tasks/${id}`);

    expect(before.body).toMatchObject({
      file: { status: 'processing' },
      finished_at: null,
      metrics: { progress: 0, job_status: { processing: 3 } },
    });
    expect(after.body).toMatchObject({
      file: { status: 'failed' },
      metrics: { progress: 1, job_status: { processing: 0, failed: 1 } },
    });
  });

  it('ends a task by itself when its time has come', async () => {
    const late = provider.addTask({ file: { status: 'processing' } }, { afterMs: 60_000 });
    const due = provider.addTask(
      { file: { status: 'processing' } },
      { afterMs: 0, status: 'failed' },
    );

    expect((await call(`/tasks/${late.id}`)).body).toMatchObject({
      file: { status: 'processing' },
    });
    expect((await call(`/tasks/${due.id}`)).body).toMatchObject({ file: { status: 'failed' } });
  });
});

describe('POST /tasks/batch/upload', () => {
  it('takes a file and makes a task of it', async () => {
    const { status, body } = await upload(['leads.txt', 'a@example.com\r\n\nb@example.com\n'], {
      webhook_url: 'http://127.0.0.1:8080/hook',
    });

    expect(status).toBe(202);
    expect(body).toEqual({
      upload_id: expect.any(String),
      task_id: expect.any(String),
      filename: 'leads.txt',
      email_count: 2,
      status: 'processing',
      message: 'File uploaded successfully and is being processed',
      uploaded_at: expect.any(String),
    });
    expect((await call(`/tasks/${String(body.task_id)}`)).body).toMatchObject({
      user_id: USER_ID,
      webhook_url: 'http://127.0.0.1:8080/hook',
      file: { upload_id: body.upload_id, status: 'processing' },
    });
    expect(provider.uploads).toEqual([
      {
        taskId: body.task_id,
        uploadId: body.upload_id,
        filename: 'leads.txt',
        bytes: 30,
        webhookUrl: 'http://127.0.0.1:8080/hook',
      },
    ]);
  });

  it('leaves the user out when an admin uploads', async () => {
    const { body } = await upload(['a.txt', 'a@example.com'], {}, provider.adminKey);

    const task = await call(`/tasks/${String(body.task_id)}`);
    expect(task.body).not.toHaveProperty('user_id');
  });

  it('keeps a file name that is not ASCII', async () => {
    const { body } = await upload(['Kundenliste – März.csv', 'email\na@example.com']);

    expect(body.filename).toBe('Kundenliste – März.csv');
  });

  const table =
    'name,"e-mail, work",email\r\n"Doe, ""J""",j@work.example,j@home.example\nx,,y@home.example\n';

  it.each([
    ['the first column that has addresses', undefined, 1],
    ['a column by name', 'Email', 2],
    ['a column by index', '2', 1],
  ])('counts the addresses of a .csv in %s', async (_, column, count) => {
    const { body } = await upload(['t.csv', table], column ? { email_column: column } : {});

    expect(body.email_count).toBe(count);
  });

  it('counts the addresses of an .xlsx', async () => {
    const { status, body } = await upload(['t.xlsx', workbook()], { column: 'Email' });

    expect({ status, count: body.email_count }).toEqual({ status: 202, count: 2 });
  });

  const many = 'a@example.com\n'.repeat(10_001);
  const one = 'a@example.com';

  it.each<[string, [string, string] | undefined, Record<string, string>, string, string]>([
    ['no file', undefined, {}, 'file', 'File is required'],
    ['another extension', ['a.pdf', one], {}, 'file', 'Unsupported file format'],
    ['no extension', ['leads', one], {}, 'file', 'Unsupported file format'],
    ['an empty file', ['a.csv', ''], {}, 'file', 'File is empty'],
    ['a file without addresses', ['a.txt', 'hello\n'], {}, 'file', 'No valid emails'],
    ['more than 10,000 addresses', ['a.txt', many], {}, 'file', 'limit of 10000 emails'],
    ['an .xlsx that is none', ['a.xlsx', one], {}, 'file', 'not a valid .xlsx'],
    ['a user_id', ['a.txt', one], { user_id: USER_ID }, 'user_id', 'user_id is not allowed'],
    ['a bad webhook_url', ['a.txt', one], { webhook_url: 'x' }, 'webhook_url', 'valid URL'],
    ['a column for .txt', ['a.txt', one], { email_column: '1' }, 'email_column', 'not supported'],
    ['an unknown column', ['a.csv', one], { email_column: 'mail' }, 'email_column', 'not found'],
    ['a column out of range', ['a.csv', one], { email_column: '2' }, 'email_column', 'not found'],
  ])('answers 400 for %s', async (_, file, fields, field, message) => {
    const { status, body } = await upload(file, fields);

    expect(status).toBe(400);
    expect(body).toEqual({
      error: {
        code: 'VALIDATION_ERROR',
        message: expect.stringContaining(message),
        details: [{ field, reason: expect.any(String) }],
      },
    });
    expect(provider.uploads).toEqual([]);
  });

  it('answers 400 to what is no form', async () => {
    const answer = await call('/tasks/batch/upload', { method: 'POST', body: 'hello' });

    expect(answer.status).toBe(400);
  });

  it('answers 401 without a bearer', async () => {
    expect((await upload(['a.txt', one], {}, '')).status).toBe(401);
  });

  it('ends uploads by itself after the time given', async () => {
    const quick = await startProvider({ processingMs: 0 });
    const form = new FormData();
    form.set('file', new Blob([one]), 'a.txt');
    const headers = { Authorization: `Bearer ${quick.adminKey}` };

    const uploaded = await fetch(`${quick.baseUrl}/tasks/batch/upload`, {
      method: 'POST',
      body: form,
      headers,
    });
    const { upload_id } = (await uploaded.json()) as { upload_id: string };
    const status = await fetch(`${quick.baseUrl}/tasks/batch/uploads/${upload_id}`, { headers });

    expect(await status.json()).toMatchObject({ status: 'completed' });
    await quick.stop();
  });
});

describe('GET /tasks/batch/uploads/:upload_id', () => {
  it('answers with the upload and its task', async () => {
    const { id, file } = provider.addTask({ user_id: USER_ID, file: { status: 'processing' } });

    const { status, body } = await call(`/tasks/batch/uploads/${file?.upload_id}`, {
      bearer: USER_TOKEN,
    });

    expect(status).toBe(200);
    expect(body).toMatchObject({ ...file, user_id: USER_ID, task: { id, user_id: USER_ID } });
  });

  it('answers 404 for an unknown upload', async () => {
    expect(await call(`/tasks/batch/uploads/${UNKNOWN_ID}`)).toMatchObject({
      status: 404,
      body: errorOf('NOT_FOUND', 'Upload not found'),
    });
  });
});

describe('faults', () => {
  it('answers with the fault as often as told, and lists the requests', async () => {
    const { id } = provider.addTask();
    provider.fail({ status: 503, retryAfter: 7, times: 1 });

    const first = await call(`/tasks/${id}`);
    const second = await call(`/tasks/${id}`);

    expect(first).toMatchObject({
      status: 503,
      body: errorOf('SERVICE_UNAVAILABLE', 'Service temporarily unavailable'),
    });
    expect(first.headers.get('retry-after')).toBe('7');
    expect(second.status).toBe(200);
    const path = `/api/v1/tasks/${id}`;
    expect(provider.requests).toEqual([
      { method: 'GET', path, status: 503, time: expect.any(Date) },
      { method: 'GET', path, status: 200, time: expect.any(Date) },
    ]);
  });

  it('fails for some tasks only', async () => {
    const [one, other] = [provider.addTask(), provider.addTask()];
    const fault = provider.fail({ status: 503, path: new RegExp(one.id) });

    const statuses = [
      (await call(`/tasks/${one.id}`)).status,
      (await call(`/tasks/${other.id}`)).status,
    ];
    fault.release();

    expect(statuses).toEqual([503, 200]);
  });

  it('fails until released', async () => {
    const { id } = provider.addTask();
    const fault = provider.fail({ status: 500, body: { any: 'thing' } });

    const failed = [await call(`/tasks/${id}`), await call(`/tasks/${id}`)];
    fault.release();
    const { status } = await call(`/tasks/${id}`);

    expect(failed).toMatchObject([
      { status: 500, body: { any: 'thing' } },
      { status: 500, body: { any: 'thing' } },
    ]);
    expect(status).toBe(200);
  });

  it('delays answers', async () => {
    provider.delay(50);
    const start = performance.now();

    await call(`/tasks/${UNKNOWN_ID}`);

    expect(performance.now() - start).toBeGreaterThan(45);
    provider.delay(0);
  });

  it('cuts delayed requests at stop, and keeps port and tasks', async () => {
    const { id } = provider.addTask();
    const { baseUrl } = provider;
    provider.delay(60_000);
    const cut = call(`/tasks/${id}`).catch((error: unknown) => error);
    await until('it is delayed', () => provider.delayed() === 1);

    await provider.stop();
    expect(await cut).toHaveProperty('message', 'fetch failed');
    await expect(call(`/tasks/${id}`)).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
    provider.delay(0);
    await provider.start();

    expect(provider.baseUrl).toBe(baseUrl);
    expect((await call(`/tasks/${id}`)).status).toBe(200);
  });
});
