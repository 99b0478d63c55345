import { setTimeout as delay } from 'node:timers/promises';
import { UPLOAD_PATH } from '../../src/upload/route';
import { eventually } from '../support/eventually';
import { head } from '../support/raw-request';
import { json, rawUpstream, TAKEN, whenRead } from '../support/raw-upstream';
import { startUploadEndpoint, USER_ID, USER_TOKEN } from '../support/upload-endpoint';
import { type Answering, createUploadStage, CSV, MIB, one, post } from '../support/upload-stage';
import { field, file, formBody, type FormPart, formType, metadata } from '../support/upload-form';

const stage = createUploadStage();

describe(`POST ${UPLOAD_PATH}`, () => {
  describe('refuses before the provider has a file, and answers', () => {
    const INVALID = ['file_metadata_invalid', 'Invalid file metadata payload'] as const;
    const LIST = ['file_metadata_invalid', 'file_metadata must be a list'] as const;
    const COLUMN = [
      'email_column_invalid',
      'Email column must be a column letter or 1-based index: a.csv',
    ];
    const notSupported = (name: string) => [
      'file_type_not_supported',
      `Unsupported file type. Supported: .txt, .csv, .xlsx: ${name}`,
    ];
    const NAME = ['file_name_missing', 'All uploaded files must have names'] as const;
    const HOOK = ['webhook_url_invalid', 'webhook_url must be an https URL'] as const;
    const USER = ['user_id_not_supported', 'user_id is not supported for batch uploads.'] as const;
    const FORM = ['form_invalid', 'The body is not a complete multipart/form-data form'] as const;
    const about = (change: object) =>
      metadata({ file_name: 'a.csv', email_column: 'A', ...change });
    const csv = file('a.csv', CSV);
    const meta = (text: string) => field('file_metadata', text);

    it.each<[string, FormPart[], readonly string[]]>([
      ['no metadata', [csv], ['file_metadata_missing', 'file_metadata is required']],
      ['blank metadata', [csv, meta(' ')], ['file_metadata_missing', 'file_metadata is required']],
      ['metadata that are no JSON', [csv, meta('a.csv,A')], INVALID],
      ['metadata that are cut off', [csv, meta('[{"file_name":"a.csv"')], INVALID],
      ['metadata that are an object', [csv, meta('{}')], LIST],
      ['metadata that are null', [csv, meta('null')], LIST],
      ['metadata of texts', [csv, meta('["a.csv"]')], INVALID],
      ['metadata without a name', [csv, meta('[{"email_column":"A"}]')], INVALID],
      ['a number as name', [csv, about({ file_name: 1 })], INVALID],
      ['a flag as column', [csv, about({ email_column: true })], INVALID],
      ['a word as flag', [csv, about({ remove_duplicates: 'yes' })], INVALID],
      [
        'metadata of another file',
        [csv, metadata('b.csv')],
        ['file_metadata_missing', 'Missing file metadata: a.csv'],
      ],
      [
        'a second file without metadata',
        [csv, file('b.csv'), metadata('a.csv')],
        ['file_metadata_missing', 'Missing file metadata: b.csv'],
      ],
      [
        'metadata without their file',
        [csv, metadata('a.csv', 'b.csv')],
        ['file_missing', 'File metadata without its file: b.csv'],
      ],
      [
        'metadata twice for a file',
        [csv, metadata('a.csv', 'a.csv')],
        ['file_metadata_repeated', 'Duplicate file metadata entries: a.csv'],
      ],
      [
        'two files of one name',
        [csv, csv, metadata('a.csv')],
        ['file_name_repeated', 'Duplicate file names detected: a.csv'],
      ],
      ['two metadata', [csv, metadata('a.csv'), metadata('a.csv')], FORM],
      [
        'no column',
        [csv, about({ email_column: undefined })],
        ['email_column_missing', 'Email column is required: a.csv'],
      ],
      [
        'a blank column',
        [csv, about({ email_column: ' ' })],
        ['email_column_missing', 'Email column is required: a.csv'],
      ],
      ['the name of a column', [csv, about({ email_column: 'email' })], COLUMN],
      ['column 0', [csv, about({ email_column: '0' })], COLUMN],
      ['a column beyond the last', [csv, about({ email_column: 'XFE' })], COLUMN],
      ['no file', [metadata('a.csv')], ['file_missing', 'files is required']],
      ['a field instead of a file', [field('files', CSV), metadata('a.csv')], NAME],
      ['a file without a name', [{ ...csv, fileName: '' }, metadata('a.csv')], NAME],
      [
        'a file in another field',
        [{ ...csv, field: 'file' }, metadata('a.csv')],
        ['field_unknown', 'Files belong into the field files'],
      ],
      ['an old workbook', [file('a.xls'), metadata('a.xls')], notSupported('a.xls')],
      ['a program', [file('a.csv.exe'), metadata('a.csv.exe')], notSupported('a.csv.exe')],
      [
        'a path as name',
        [file('../a.csv'), metadata('../a.csv')],
        ['file_name_invalid', 'A file name cannot be used: ../a.csv'],
      ],
      [
        'a NUL in a name',
        [file('a\0.csv'), metadata('a\0.csv')],
        ['file_name_invalid', 'A file name cannot be used: a\ufffd.csv'],
      ],
      [
        'an empty file',
        [file('a.csv', ''), metadata('a.csv')],
        ['file_empty', 'A file is empty: a.csv'],
      ],
      [
        'an empty file after another',
        [csv, file('b.csv', ''), metadata('a.csv', 'b.csv')],
        ['file_empty', 'A file is empty: b.csv'],
      ],
      [
        '21 files',
        [...Array.from({ length: 21 }, (_, i) => file(`${i}.txt`)), meta('[]')],
        ['too_many_files', 'At most 20 files can be uploaded at once'],
      ],
      ['21 fields', [csv, ...Array.from({ length: 21 }, (_, i) => field(`f${i}`, '1'))], FORM],
      ['a field without a name', [csv, { content: '1' }, metadata('a.csv')], FORM],
      ['a user in the form', [csv, field('user_id', USER_ID), metadata('a.csv')], USER],
      ['a user and bad metadata', [csv, field('user_id', USER_ID), meta('{')], USER],
      [
        'a callback by http',
        [csv, metadata('a.csv'), field('webhook_url', 'http://customer.example')],
        HOOK,
      ],
      ['a callback that is none', [csv, metadata('a.csv'), field('webhook_url', 'customer')], HOOK],
    ])('400 for %s', async (_what, parts, [code, detail]) => {
      await stage.start();

      const answer = await stage.endpoint.post(parts);

      expect(answer).toMatchObject({ status: 400 });
      expect(answer.body).toEqual({ detail, code });
      expect(await stage.endpoint.answers()).toEqual({ [code!]: 1 });
      await expectNothingUploaded();
    });

    it('400 for user_id in the query, before the body arrives', async () => {
      await stage.start();
      const connection = await stage.open();

      connection.send(
        head(`POST ${UPLOAD_PATH}?user_id=${USER_ID}`, [
          `Authorization: Bearer ${USER_TOKEN}`,
          'Content-Length: 1000',
        ]),
      );

      const answer = await connection.until(/\}$/);
      expect(answer).toMatch(/^HTTP\/1\.1 400 /);
      expect(answer).toContain(USER[1]);
    });

    const body = formBody([csv, metadata('a.csv')]);
    const cut = (bytes: number) => body.subarray(0, body.length - bytes);

    it.each<[string, Buffer, string]>([
      ['an empty body', Buffer.alloc(0), formType],
      ['what is no form', Buffer.from('hello'), formType],
      ['JSON', Buffer.from('{}'), 'application/json'],
      ['no type', body, ''],
      ['the other kind of form', Buffer.from('files=a'), 'application/x-www-form-urlencoded'],
      ['no boundary', body, 'multipart/form-data'],
      ['an endless boundary', body, `multipart/form-data; boundary=${'b'.repeat(300)}`],
      ['another boundary', body, 'multipart/form-data; boundary=other'],
      ['another kind of multipart', body, formType.replace('form-data', 'mixed')],
      ['a form without its last line', cut(30), formType],
      ['a form that ends in a file', formBody([csv]).subarray(0, 120), formType],
      ['a form that ends in a header', body.subarray(0, 40), formType],
      ['only the end of a form', Buffer.from('------test-boundary--\r\n'), formType],
    ])('400 for %s', async (_what, bytes, type) => {
      await stage.start();

      const answer = await stage.endpoint.send(new Uint8Array(bytes), { 'Content-Type': type });

      expect(answer.status).toBe(400);
      expect(answer.body).toEqual({ detail: expect.any(String), code: expect.any(String) });
      await expectNothingUploaded();
    });

    it('415 for a body with a Content-Encoding', async () => {
      await stage.start();

      const answer = await stage.endpoint.send(new Uint8Array(body), {
        'Content-Type': formType,
        'Content-Encoding': 'gzip',
      });

      expect(answer).toMatchObject({ status: 415, body: { code: 'encoding_not_supported' } });
    });

    it.each<[string, FormPart[], string]>([
      [
        'a file that is too large',
        [file('a.csv', Buffer.alloc(MIB + 1, 'x')), metadata('a.csv')],
        'file_too_large',
      ],
      [
        'a second file that is too large',
        [csv, file('b.csv', Buffer.alloc(MIB + 1, 'x')), metadata('a.csv', 'b.csv')],
        'file_too_large',
      ],
      ['metadata that are too large', [csv, meta(' '.repeat(70_000))], 'field_too_large'],
    ])('413 for %s', async (_what, parts, code) => {
      await stage.start({ fileMaxMib: 1 });

      const answer = await stage.endpoint.post(parts);

      expect(answer).toMatchObject({ status: 413, body: { code } });
      await expectNothingUploaded();
    });

    it('413 immediately for a length above that of any form', async () => {
      await stage.start();
      const connection = await stage.open();

      connection.send(post(`Content-Length: ${202 * MIB}`));

      const answer = await connection.until(/\}$/);
      expect(answer).toMatch(/^HTTP\/1\.1 413 /);
      expect(answer).toContain('"code":"form_too_large"');
    });

    it('413 for more than that outside the parts of the form', async () => {
      await stage.start({ fileMaxMib: 1 });

      const answer = await stage.endpoint.send(new Uint8Array(22 * MIB), {
        'Content-Type': formType,
      });

      expect(answer).toMatchObject({ status: 413, body: { code: 'form_too_large' } });
    });

    it.each<[string, string, number]>([
      ['without a token', '', 401],
      ['with another scheme', 'Basic dTpw', 401],
      ['with a token that fits no header', 'Bearer a b', 401],
    ])('401 for a request %s', async (_what, authorization, status) => {
      await stage.start();

      const answer = await stage.endpoint.send(new Uint8Array(body), {
        'Content-Type': formType,
        Authorization: authorization,
      });

      expect(answer).toMatchObject({ status, body: { detail: expect.any(String) } });
      expect(answer.headers.get('WWW-Authenticate')).toBe('Bearer');
      await expectNothingUploaded();
    });

    it('401 before the body arrives and before user_id is checked', async () => {
      await stage.start({ auth: { jwtSecret: 'the secret of the project' } });
      const connection = await stage.open();

      connection.send(
        head(`POST ${UPLOAD_PATH}?user_id=1`, [
          `Authorization: Bearer ${USER_TOKEN}`,
          `Content-Type: ${formType}`,
          'Content-Length: 1000',
        ]),
      );

      const answer = await connection.until(/\}$/);
      expect(answer).toMatch(/^HTTP\/1\.1 401 /);
      expect(answer).toContain('"code":"token_invalid"');
    });

    it('413 for a file of 11 MB before all of it arrives', async () => {
      await stage.start();
      const beginning = formBody([file('a.csv', 'x'), metadata('a.csv')]).subarray(0, 90);
      const connection = await stage.open();

      connection.send(post(`Content-Length: ${11 * MIB}`));
      connection.send(beginning);
      connection.send(Buffer.alloc(10 * MIB + 1, 'x'));

      const answer = await connection.until(/\}$/);
      expect(answer).toMatch(/^HTTP\/1\.1 413 /);
      expect(answer).toContain('"code":"file_too_large"');
      await expectNothingUploaded();
    });
  });

  describe('when the provider does not accept the file', () => {
    const error = (code: string, message: string) => ({ error: { code, message } });

    it.each<[number, object | string, object]>([
      [
        400,
        error('VALIDATION_ERROR', 'No valid emails found in file'),
        {
          code: 'upload_refused',
          detail: 'No valid emails found in file',
          provider_code: 'VALIDATION_ERROR',
        },
      ],
      [
        401,
        error('UNAUTHORIZED', 'Missing or invalid token'),
        {
          code: 'upload_refused',
          detail: 'Missing or invalid token',
          provider_code: 'UNAUTHORIZED',
        },
      ],
      [
        402,
        error('INSUFFICIENT_CREDITS', 'Not enough credits'),
        {
          code: 'upload_refused',
          detail: 'Not enough credits',
          provider_code: 'INSUFFICIENT_CREDITS',
        },
      ],
      [
        403,
        error('FORBIDDEN', 'Access denied'),
        { code: 'upload_refused', detail: 'Access denied', provider_code: 'FORBIDDEN' },
      ],
      [404, '<html>', { code: 'upload_refused', detail: 'The provider did not take the file' }],
      [409, {}, { code: 'upload_refused', detail: 'The provider did not take the file' }],
      [413, '', { code: 'upload_refused', detail: 'The provider did not take the file' }],
      [
        415,
        { detail: 'no' },
        { code: 'upload_refused', detail: 'The provider did not take the file' },
      ],
      [
        422,
        error('UNPROCESSABLE', 'x'.repeat(1_000)),
        { code: 'upload_refused', detail: 'x'.repeat(300), provider_code: 'UNPROCESSABLE' },
      ],
      [
        429,
        error('RATE_LIMITED', 'Too many requests'),
        { code: 'upload_refused', detail: 'Too many requests', provider_code: 'RATE_LIMITED' },
      ],
      [
        500,
        error('INTERNAL_ERROR', 'stack at db.internal'),
        {
          code: 'provider_failed',
          detail: 'The provider did not take the file',
          provider_code: 'INTERNAL_ERROR',
        },
      ],
      [
        503,
        error('SERVICE_UNAVAILABLE', 'down'),
        {
          code: 'provider_failed',
          detail: 'The provider did not take the file',
          provider_code: 'SERVICE_UNAVAILABLE',
        },
      ],
    ])('answers with its status %i', async (status, body, expected) => {
      await stage.start();
      stage.provider.fail({ status, body, times: 1 });

      const answer = await stage.endpoint.post(one);

      expect(answer.status).toBe(status);
      expect(answer.body).toEqual(expected);
      expect(stage.endpoint.watched).toEqual([]);
    });

    it.each([
      ['120', '120'],
      ['1e9', null],
      ['-1', null],
      ['999999', '3600'],
    ])('forwards a Retry-After of %s as %s', async (given, expected) => {
      await stage.startBefore(whenRead(json({}, 429, { 'Retry-After': given })));

      const answer = await stage.endpoint.post(one);

      expect(answer.status).toBe(429);
      expect(answer.headers.get('Retry-After')).toBe(expected);
    });

    const { task_id: taskId, email_count: _count, ...rest } = TAKEN;
    const unreadable = { code: 'provider_answer_unreadable' };
    const taskIdMissing = {
      code: 'task_id_missing',
      detail: 'Task id missing from upload response',
    };
    const countMissing = {
      code: 'email_count_missing',
      detail: 'Email count missing from upload response',
      task_id: taskId,
    };

    it.each<[string, Answering, object]>([
      ['no task', json({ ...rest, email_count: 3 }, 202), taskIdMissing],
      ['a blank task', json({ ...TAKEN, task_id: ' ' }, 202), taskIdMissing],
      ['a task that is none', json({ ...TAKEN, task_id: '../1' }, 202), taskIdMissing],
      ['no count', json({ ...rest, task_id: taskId }, 202), countMissing],
      ['a null count', json({ ...TAKEN, email_count: null }, 202), countMissing],
      ['a text as count', json({ ...TAKEN, email_count: '3' }, 202), countMissing],
      ['a negative count', json({ ...TAKEN, email_count: -3 }, 202), countMissing],
      ['nothing', (response) => void response.writeHead(204).end(), unreadable],
      ['a page', (response) => void response.end('<html>'), unreadable],
      ['half an answer', (response) => void response.end('{"task_id":'), unreadable],
      ['a list', json([TAKEN]), unreadable],
      ['a redirect', json(TAKEN, 302, { Location: '/elsewhere' }), unreadable],
      ['more than fits', json({ ...TAKEN, message: 'x'.repeat(70_000) }), unreadable],
      [
        'an answer that breaks off',
        (response) =>
          void response
            .writeHead(200, { 'Content-Length': '100' })
            .write('{', () => response.destroy()),
        { code: 'provider_unreachable' },
      ],
      ['no answer', (response) => void response.destroy(), { code: 'provider_unreachable' }],
      [
        'no HTTP',
        (response) => void response.socket?.end('hi\r\n\r\n'),
        { code: 'provider_unreachable' },
      ],
    ])('answers 502 for %s', async (_what, answering, expected) => {
      await stage.startBefore(whenRead(answering));

      const answer = await stage.endpoint.post(one);

      expect(answer.status).toBe(502);
      expect(answer.body).toEqual({ detail: expect.any(String), ...expected });
    });

    it('watches a task when only its count is missing', async () => {
      await stage.startBefore(whenRead(json({ ...rest, task_id: taskId }, 202)));

      await stage.endpoint.post(one);

      expect(stage.endpoint.watched).toMatchObject([{ taskId, emailCount: undefined }]);
    });

    it('answers 502 when nothing listens', async () => {
      const gone = await rawUpstream(() => {});
      await gone.close();
      stage.endpoint = await startUploadEndpoint(gone.baseUrl);

      const answer = await stage.endpoint.post(one);

      expect(answer).toMatchObject({ status: 502, body: { code: 'provider_unreachable' } });
    });

    it('answers 504 when it does not answer in time, and closes the connection', async () => {
      const { sockets } = await stage.startBefore(() => {}, { timeout: 100 });

      const answer = await stage.endpoint.post(one);

      expect(answer).toMatchObject({ status: 504, body: { code: 'provider_timed_out' } });
      await eventually(() => sockets.size === 0);
    });

    const IN_DOUBT = / may have accepted the file/;

    it('says that a file may have been accepted only if the whole form was sent', async () => {
      const gone = await rawUpstream(() => {});
      await gone.close();
      const absent = await startUploadEndpoint(gone.baseUrl);
      const refused = await absent.post(one);
      await absent.close();
      await stage.startBefore(whenRead((response) => void response.destroy()));

      const cut = await stage.endpoint.post(one);

      expect(refused.body).toEqual({
        detail: 'Unable to upload file.',
        code: 'provider_unreachable',
      });
      expect(cut.body).toMatchObject({ detail: expect.stringMatching(IN_DOUBT) as string });
    });

    it('answers 502 when it accepts a file before the end of the form', async () => {
      await stage.startBefore(json(TAKEN, 202));
      const content = Buffer.alloc(9 * MIB, 'x');

      const answer = await stage.endpoint.post([file('a.csv', content), metadata('a.csv')]);

      expect(answer).toMatchObject({
        status: 502,
        body: { code: 'provider_answer_unreadable', detail: expect.not.stringMatching(IN_DOUBT) },
      });
    });

    it('answers 504 when it reads no more bytes', async () => {
      const { sockets, requests } = await stage.startBefore(
        (_response, request) => void request.pause(),
        { timeout: 300 },
      );
      const content = Buffer.alloc(10 * MIB, 'x');

      const answer = await stage.endpoint.post([file('a.csv', content), metadata('a.csv')]);

      expect(answer).toMatchObject({ status: 504, body: { code: 'provider_timed_out' } });
      requests[0]?.resume();
      await eventually(() => sockets.size === 0);
    });

    it('keeps reading after an early refusal and validates the rest of the form', async () => {
      const { requests } = await stage.startBefore((response, request) => {
        if (requests.length === 1)
          json({ error: { code: 'UNAUTHORIZED' } }, 401)(response, request);
        else whenRead(json(TAKEN, 202))(response, request);
      });
      const content = Buffer.alloc(5 * MIB, 'x');

      const answer = await stage.endpoint.post([
        file('a.csv', content),
        file('b.csv', content),
        metadata('a.csv', 'b.csv'),
      ]);

      expect(answer).toMatchObject({
        status: 207,
        body: [{ filename: 'a.csv', error: { status: 401 } }, { task_id: TAKEN.task_id }],
      });
    });
  });
});

async function expectNothingUploaded(): Promise<void> {
  // A request that was begun must have been given up before the stub could take it.
  await delay(20);
  expect(stage.provider.uploads).toEqual([]);
  expect(stage.endpoint.watched).toEqual([]);
}
