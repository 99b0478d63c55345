import { setTimeout as delay } from 'node:timers/promises';
import { UPLOAD_PATH } from '../../src/upload/route';
import { eventually } from '../support/eventually';
import { json, TAKEN, whenRead } from '../support/raw-upstream';
import { CALLBACK_URL, USER_TOKEN } from '../support/upload-endpoint';
import { type Answering, createUploadStage, CSV, MIB, one, post } from '../support/upload-stage';
import { field, file, formBody, type FormPart, formType, metadata } from '../support/upload-form';
import { workbook } from '../support/workbook';

const UUID = expect.stringMatching(/^[0-9a-f-]{36}$/) as string;
const stage = createUploadStage();

describe(`POST ${UPLOAD_PATH}`, () => {
  it('forwards .txt, .csv and .xlsx of one request, and answers with their tasks', async () => {
    await stage.start();

    const answer = await stage.endpoint.post([
      file('a.txt'),
      file('b.csv', CSV),
      file('c.xlsx', Buffer.from(workbook())),
      metadata(
        'a.txt',
        { file_name: 'b.csv', email_column: 'B' },
        { file_name: 'c.xlsx', email_column: '2' },
      ),
    ]);

    const taken = (filename: string, email_count: number) => ({
      filename,
      task_id: UUID,
      upload_id: UUID,
      uploaded_at: expect.stringMatching(/^\d{4}-.+Z$/) as string,
      status: 'processing',
      message: 'File uploaded successfully and is being processed',
      email_count,
    });
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual([taken('a.txt', 1), taken('b.csv', 2), taken('c.xlsx', 2)]);
    const columns = [undefined, '2', '2'];
    const webhookUrl = CALLBACK_URL;
    expect(inOrder(stage.provider.uploads)).toMatchObject([
      { filename: 'a.txt', bytes: 17, webhookUrl, emailColumn: columns[0] },
      { filename: 'b.csv', bytes: CSV.length, webhookUrl, emailColumn: columns[1] },
      { filename: 'c.xlsx', bytes: workbook().length, webhookUrl, emailColumn: columns[2] },
    ]);
    expect(await stage.endpoint.answers()).toEqual({ accepted: 1 });
  });

  it('watches each upload, with the user only if the token was verified', async () => {
    await stage.start();

    const { body } = await stage.endpoint.post(one);

    const [taken] = body as (typeof TAKEN)[];
    expect(stage.endpoint.watched).toEqual([
      {
        taskId: taken?.task_id,
        userId: undefined,
        fileName: 'a.txt',
        emailCount: 1,
        ownCallback: true,
      },
    ]);
  });

  it.each<[string, FormPart[]]>([
    ['before', [metadata('a.csv'), file('a.csv')]],
    ['after', [file('a.csv'), metadata('a.csv')]],
    ['around', [field('webhook_url', ''), file('a.csv'), metadata('a.csv')]],
  ])('accepts fields %s the files', async (_where, parts) => {
    await stage.start();

    const answer = await stage.endpoint.post(parts);

    expect(answer.status).toBe(200);
    expect(stage.provider.uploads).toMatchObject([{ filename: 'a.csv', emailColumn: '1' }]);
  });

  it('accepts the form of a browser', async () => {
    await stage.start();
    const form = new FormData();
    form.append('files', new Blob(['jane@example.org']), 'Größe "1".csv');
    form.append(
      'file_metadata',
      JSON.stringify([{ file_name: 'Größe "1".csv', email_column: 'A' }]),
    );

    const answer = await stage.endpoint.send(form);

    expect(answer.status).toBe(200);
    expect(stage.provider.uploads).toMatchObject([{ filename: 'Größe "1".csv' }]);
  });

  it('accepts files[] as the name of the field, and ignores unknown fields', async () => {
    await stage.start();

    const answer = await stage.endpoint.post([
      { ...file('a.txt'), field: 'files[]' },
      field('api_key_id', '12'),
      metadata('a.txt'),
    ]);

    expect(answer.status).toBe(200);
  });

  it('forwards bytes unchanged, including boundaries of all kinds', async () => {
    let got = '';
    await stage.startBefore(
      whenRead((response, request, body) => {
        got = body;
        json(TAKEN, 202)(response, request);
      }),
    );
    const content =
      '\r\n--\r\n----test-boundar\r\n------test-boundarx--\r\n\0\u00ff jane@example.org';

    const answer = await stage.endpoint.post([file('a.csv', content), metadata('a.csv')]);

    expect(answer.status).toBe(200);
    const [boundary = ''] = got.split('\r\n');
    expect(got).toBe(
      [
        boundary,
        'Content-Disposition: form-data; name="file"; filename="a.csv"',
        'Content-Type: application/octet-stream',
        '',
        content,
        boundary,
        'Content-Disposition: form-data; name="webhook_url"',
        '',
        CALLBACK_URL,
        boundary,
        'Content-Disposition: form-data; name="email_column"',
        '',
        '1',
        `${boundary}--`,
        '',
      ].join('\r\n'),
    );
  });

  it('accepts a file of the maximum size', async () => {
    await stage.start({ fileMaxMib: 1 });
    const content = Buffer.alloc(MIB, ' ');
    content.write('jane@example.org\n');

    const answer = await stage.endpoint.post([file('a.txt', content), metadata('a.txt')]);

    expect(answer.status).toBe(200);
    expect(stage.provider.uploads).toMatchObject([{ bytes: MIB }]);
  });

  it("forwards the caller's token from the header or the cookie", async () => {
    const { requests } = await stage.startBefore(whenRead(json(TAKEN, 202)), {
      auth: { cookieName: 'session' },
    });
    const body = new Uint8Array(formBody(one));
    const headers = { 'Content-Type': formType, Authorization: '' };

    await stage.endpoint.post(one);
    await stage.endpoint.send(body, { ...headers, Authorization: `BEARER  ${USER_TOKEN}` });
    await stage.endpoint.send(body, {
      ...headers,
      Cookie: `a=b; session=${USER_TOKEN}`,
      'Sec-Fetch-Site': 'same-origin',
    });

    const authorizations = requests.map((request) => request.headers.authorization);
    expect(authorizations).toEqual(Array(3).fill(`Bearer ${USER_TOKEN}`));
  });

  it('reuses its connection to the provider', async () => {
    const { requests } = await stage.startBefore(whenRead(json(TAKEN, 202)));

    await stage.endpoint.post(one);
    await stage.endpoint.post(one);

    expect(new Set(requests.map(({ socket }) => socket)).size).toBe(1);
  });

  describe('the callback', () => {
    it.each<[string, string, string, boolean]>([
      [
        'of the caller',
        'https://customer.example/hook?a=1',
        'https://customer.example/hook?a=1',
        false,
      ],
      ['that is normalised', 'HTTPS://Customer.example:443', 'https://customer.example/', false],
      ['of this service', CALLBACK_URL, CALLBACK_URL, true],
      ['that is blank', '  ', CALLBACK_URL, true],
    ])('%s is forwarded, and watched as our own or not', async (_what, given, expected, own) => {
      await stage.start();

      const answer = await stage.endpoint.post([...one, field('webhook_url', given)]);

      expect(answer.status).toBe(200);
      expect(stage.provider.uploads).toMatchObject([{ webhookUrl: expected }]);
      expect(stage.endpoint.watched).toMatchObject([{ ownCallback: own }]);
    });

    it('never depends on the Host header', async () => {
      await stage.start();

      await stage.endpoint.send(new Uint8Array(formBody(one)), {
        'Content-Type': formType,
        'X-Forwarded-Host': 'evil.example',
        Forwarded: 'host=evil.example',
      });

      expect(stage.provider.uploads).toMatchObject([{ webhookUrl: CALLBACK_URL }]);
    });
  });

  describe('when some files are accepted', () => {
    const answerBy = (answers: Record<string, Answering>) =>
      whenRead((response, request, body) => {
        const name = /filename="([^"]*)"/.exec(body)?.[1] ?? '';
        answers[name]!(response, request);
      });
    const three = [
      file('a.txt'),
      file('b.csv'),
      file('c.csv'),
      metadata('a.txt', 'b.csv', 'c.csv'),
    ];
    const taken = json({ ...TAKEN, filename: undefined }, 202);

    it('answers 207 with the task or the error of each', async () => {
      await stage.startBefore(
        answerBy({
          'a.txt': taken,
          'b.csv': json({ error: { code: 'RATE_LIMITED', message: 'Slow' } }, 429, {
            'Retry-After': '7',
          }),
          'c.csv': (response) => void response.destroy(),
        }),
      );

      const answer = await stage.endpoint.post(three);

      expect(answer.status).toBe(207);
      expect(answer.body).toEqual([
        { ...TAKEN, filename: 'a.txt' },
        {
          filename: 'b.csv',
          error: {
            status: 429,
            code: 'upload_refused',
            detail: 'Slow',
            provider_code: 'RATE_LIMITED',
            retry_after: 7,
          },
        },
        {
          filename: 'c.csv',
          error: { status: 502, code: 'provider_unreachable', detail: expect.any(String) },
        },
      ]);
      expect(stage.endpoint.watched).toMatchObject([{ fileName: 'a.txt', taskId: TAKEN.task_id }]);
      expect(await stage.endpoint.answers()).toEqual({ partly_accepted: 1 });
    });

    it('reports the first when the second fails late', async () => {
      await stage.startBefore(
        answerBy({
          'a.txt': taken,
          'b.csv': (response, request) =>
            void delay(100).then(() => json({}, 500)(response, request)),
          'c.csv': taken,
        }),
      );

      const answer = await stage.endpoint.post(three);

      expect(answer).toMatchObject({
        status: 207,
        body: [{ task_id: TAKEN.task_id }, { error: { status: 500 } }, { task_id: TAKEN.task_id }],
      });
    });

    it('answers the common status and the longest Retry-After when none was accepted', async () => {
      await stage.startBefore(
        answerBy({
          'a.txt': json({}, 429, { 'Retry-After': '7' }),
          'b.csv': json({}, 429, { 'Retry-After': '60' }),
          'c.csv': json({}, 429),
        }),
      );

      const answer = await stage.endpoint.post(three);

      expect(answer.status).toBe(429);
      expect(answer.headers.get('Retry-After')).toBe('60');
      expect(answer.body).toMatchObject({
        code: 'upload_refused',
        files: [{ filename: 'a.txt' }, { filename: 'b.csv' }, { filename: 'c.csv' }],
      });
    });

    it('answers 502 when none was accepted for different reasons', async () => {
      await stage.startBefore(
        answerBy({ 'a.txt': json({}, 400), 'b.csv': json({}, 422), 'c.csv': json({}, 500) }),
      );

      const answer = await stage.endpoint.post(three);

      expect(answer).toMatchObject({
        status: 502,
        body: {
          code: 'upload_failed',
          files: [
            { error: { status: 400 } },
            { error: { status: 422 } },
            { error: { status: 500 } },
          ],
        },
      });
    });
  });

  describe('when an upload cannot be watched', () => {
    it.each<[string, () => Promise<boolean>]>([
      ['rejects', () => Promise.reject(new Error('Temporal is down'))],
      [
        'throws',
        () => {
          throw new Error('Temporal is down');
        },
      ],
    ])('answers the same, logs the task and counts it when the watch %s', async (_what, watch) => {
      await stage.start({ watch });

      const answer = await stage.endpoint.post(one);

      expect(answer.status).toBe(200);
      expect(stage.endpoint.log.lines().at(-1)).toMatchObject({
        level: 'error',
        event: 'upload.not_watched',
        task_id: (answer.body as (typeof TAKEN)[])[0]?.task_id,
        err: { message: 'Temporal is down' },
      });
      expect(await stage.endpoint.unwatched()).toBe(1);
    });

    it('starts the watch again, which may find that the first start was taken', async () => {
      const answers = [() => Promise.reject(new Error('late')), () => Promise.resolve(false)];
      await stage.start({ watch: () => answers.shift()!() });

      const answer = await stage.endpoint.post(one);

      expect(answer.status).toBe(200);
      expect(answers).toEqual([]);
      expect(await stage.endpoint.unwatched()).toBe(0);
    });
  });

  describe('when the client disconnects', () => {
    it('within a file, closes the socket to the provider', async () => {
      const { sockets, requests } = await stage.startBefore(
        (_response, request) => void request.resume(),
      );
      const connection = await stage.open();
      connection.send(post(`Content-Length: ${MIB}`));
      connection.send(formBody([file('a.csv', 'x'.repeat(200_000))]).subarray(0, 100_000));
      await eventually(() => requests.length === 1);

      connection.close();

      await eventually(() => sockets.size === 0);
      expect(requests[0]?.complete).toBe(false);
      expect(stage.endpoint.watched).toEqual([]);
    });

    it('between two files, closes the socket to the provider', async () => {
      const { sockets, requests } = await stage.startBefore(
        (_response, request) => void request.resume(),
      );
      const connection = await stage.open();
      const form = formBody([file('a.csv'), file('b.csv'), metadata('a.csv', 'b.csv')]);
      connection.send(post(`Content-Length: ${form.length}`));
      connection.send(form.subarray(0, form.indexOf('b.csv')));
      await eventually(() => requests.length === 1);

      connection.close();

      await eventually(() => sockets.size === 0);
      expect(requests[0]?.complete).toBe(false);
    });

    it('while the provider reads no more bytes, closes the socket when it does', async () => {
      const { sockets, requests } = await stage.startBefore(
        (_response, request) => void request.pause(),
      );
      const connection = await stage.open();
      connection.send(post(`Content-Length: ${11 * MIB}`));
      connection.send(formBody([file('a.csv', Buffer.alloc(9 * MIB, 'x'))]).subarray(0, 9 * MIB));
      await eventually(() => requests.length === 1);
      await delay(50);

      connection.close();
      requests[0]?.resume();

      await eventually(() => sockets.size === 0);
      expect(requests[0]?.complete).toBe(false);
    });

    it('after the end of the form, watches what the provider has accepted', async () => {
      let answerNow = (): void => {};
      await stage.startBefore(
        whenRead((response, request) => {
          answerNow = () => json(TAKEN, 202)(response, request);
        }),
      );
      const connection = await stage.open();
      const form = formBody(one);
      connection.send(post(`Content-Length: ${form.length}`));
      connection.send(form);
      await eventually(() => stage.upstream!.requests[0]?.complete === true);

      connection.close();
      answerNow();

      await eventually(() => stage.endpoint.watched.length === 1);
      expect(stage.endpoint.watched).toMatchObject([{ taskId: TAKEN.task_id }]);
    });
  });

  it('reads no more bytes than the provider accepts', async () => {
    await stage.startBefore((_response, request) => void request.pause(), { fileMaxMib: 100 });
    const connection = await stage.open();
    let sent = 0;

    connection.send(post(`Content-Length: ${101 * MIB}`));
    connection.send(formBody([file('a.csv', 'x')]).subarray(0, 90));
    const chunk = Buffer.alloc(64 * 1024, 'x');
    while (sent < 99 * MIB && (await connection.flushed(chunk))) sent += chunk.length;

    // The buffers of the system for two connections, and little of the process itself.
    expect(sent).toBeLessThan(40 * MIB);
  });

  describe('its log lines', () => {
    it('name the task, and no token, file or address', async () => {
      await stage.start();
      stage.provider.fail({
        status: 500,
        body: { error: { code: 'X', message: USER_TOKEN } },
        times: 1,
      });

      await stage.endpoint.post([file('secret.csv'), metadata('secret.csv')]);
      await stage.endpoint.post([file('secret.csv'), metadata('secret.csv')]);
      await stage.endpoint.post([file('secret.csv', CSV)]);

      expect(stage.endpoint.log.events()).toEqual(['upload.failed', 'upload.accepted']);
      expect(stage.endpoint.log.lines()[0]).toMatchObject({
        fault: 'refused',
        message: 'the provider answered 500 (X)',
      });
      expect(stage.endpoint.log.text()).not.toMatch(/secret|@|eyJ/);
      expect(stage.endpoint.log.text()).not.toContain(USER_TOKEN);
    });

    it('name the request ID of the provider', async () => {
      await stage.startBefore(whenRead(json({}, 500, { 'X-Request-Id': 'req-12' })));

      await stage.endpoint.post(one);

      expect(stage.endpoint.log.lines()[0]).toMatchObject({
        message: 'the provider answered 500 (request req-12)',
      });
    });
  });
});

/** The stub lists uploads as their forms end, which may be in any order. */
const inOrder = <T extends { filename: string }>(uploads: T[]) =>
  uploads.toSorted((a, b) => a.filename.localeCompare(b.filename));
