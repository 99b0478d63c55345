import { UPLOAD_PATH } from '../../src/upload/route';
import { createUploadStage } from '../support/upload-stage';

const stage = createUploadStage();

const ADDRESS = 'jane@example.org,jane@example.org\n';
const entry = (file_name: string, email_column: unknown = 'A') =>
  JSON.stringify([{ file_name, email_column }]);
const text = (name: string, content: string) =>
  `Content-Disposition: form-data; name="${name}"\r\n\r\n${content}`;
const csv = (disposition: string, content = ADDRESS) =>
  `Content-Disposition: form-data; ${disposition}\r\nContent-Type: text/csv\r\n\r\n${content}`;

/** The bytes of a form whose parts are given with their headers. */
function post(parts: string[], boundary = '----WebKitFormBoundary7MA4YWxkTrZu0gW') {
  const body = [...parts.map((part) => `--${boundary}\r\n${part}\r\n`), `--${boundary}--\r\n`];
  return stage.endpoint.send(new Uint8Array(Buffer.from(body.join(''))), {
    'Content-Type': `multipart/form-data; boundary=${boundary}`,
  });
}

describe(`POST ${UPLOAD_PATH}`, () => {
  const QUOTED = 'a "b".csv';
  const NFC = '\u00dcbersicht.csv';

  it.each<[string, string, string]>([
    ['quotes as Chromium writes them', 'name="files"; filename="a %22b%22.csv"', QUOTED],
    ['quotes as older clients write them', 'name="files"; filename="a \\"b\\".csv"', QUOTED],
    ['decomposed letters, as macOS has them', 'name="files"; filename="U\u0308bersicht.csv"', NFC],
    ['a name without quotes', 'name=files; filename=a.csv', 'a.csv'],
    ['filename* alone', `name="files"; filename*=UTF-8''%C3%9Cbersicht.csv`, NFC],
    ['filename* last', `name="files"; filename="x.csv"; filename*=UTF-8''%C3%9Cbersicht.csv`, NFC],
    [
      'filename* first',
      `filename*=utf-8'de'%C3%9Cbersicht.csv; filename="x.csv"; name="files"`,
      NFC,
    ],
    ['filename* between', `name="files"; filename*=UTF-8''%C3%9Cbersicht.csv; filename=x.csv`, NFC],
    ['a broken filename*', `name="files"; filename*=UTF-8''%E2%82; filename="a.csv"`, 'a.csv'],
    ['a semicolon in the name', 'name="files"; filename="a; name=x.csv"', 'a; name=x.csv'],
  ])(
    'accepts %s, and sends the clean name to the provider',
    async (_what, disposition, fileName) => {
      await stage.start();

      const answer = await post([csv(disposition), text('file_metadata', entry(fileName))]);

      expect(answer.status).toBe(200);
      expect(stage.provider.uploads).toMatchObject([{ filename: fileName, emailColumn: '1' }]);
      expect(stage.endpoint.watched).toMatchObject([{ fileName }]);
    },
  );

  it('matches metadata in the normal form of macOS with a file in the other form', async () => {
    await stage.start();

    const answer = await post([
      csv(`name="files"; filename="${NFC}"`),
      text('file_metadata', entry('U\u0308bersicht.csv')),
    ]);

    expect(answer.status).toBe(200);
  });

  it('accepts metadata as a Blob, which browsers send with a file name', async () => {
    await stage.start();
    const form = new FormData();
    form.append('file_metadata', new Blob([entry('a.csv', 2)], { type: 'application/json' }));
    form.append('files', new File([ADDRESS], 'a.csv', { type: 'text/csv' }));

    const answer = await stage.endpoint.send(form);

    expect(answer.status).toBe(200);
    expect(stage.provider.uploads).toMatchObject([{ filename: 'a.csv', emailColumn: '2' }]);
  });

  it('accepts the form of curl', async () => {
    await stage.start();

    const answer = await post(
      [text('file_metadata', entry('a.csv', '2')), csv('name="files"; filename="a.csv"')],
      '------------------------XC2vBkPQbEYjdRZzHbFnpN',
    );

    expect(answer.status).toBe(200);
    expect(stage.provider.uploads).toMatchObject([{ filename: 'a.csv', emailColumn: '2' }]);
  });

  it.each<[string, string[]]>([
    ['no metadata at all', []],
    ['an empty list', [text('file_metadata', '[]')]],
  ])('accepts .txt with %s', async (_what, parts) => {
    await stage.start();

    const answer = await post([
      csv('name="files"; filename="a.txt"', 'jane@example.org'),
      ...parts,
    ]);

    expect(answer.status).toBe(200);
    expect(stage.provider.uploads).toMatchObject([{ filename: 'a.txt', emailColumn: undefined }]);
  });

  it.each<[string, string[], string, string]>([
    [
      'a file without an entry',
      [csv('name="files"; filename="b.csv"'), text('file_metadata', entry('a.csv'))],
      'file_metadata_missing',
      'b.csv',
    ],
    [
      'two files of one name in two normal forms',
      [csv('name="files"; filename="\u00fc.csv"'), csv('name="files"; filename="u\u0308.csv"')],
      'file_name_repeated',
      '\u00fc.csv',
    ],
    [
      'an escaped line break in a name',
      [csv('name="files"; filename="a%0D%0ABcc: x@y.csv"')],
      'file_name_invalid',
      'a\ufffd\ufffdBcc: x@y.csv',
    ],
  ])('names the file in the refusal of %s', async (_what, parts, code, shown) => {
    await stage.start();

    const answer = await post(parts);

    expect(answer).toMatchObject({ status: 400, body: { code } });
    expect((answer.body as { detail: string }).detail).toMatch(new RegExp(`: ${shown}$`));
    expect(stage.provider.uploads).toEqual([]);
  });

  it('names the file that is too large in the refusal', async () => {
    await stage.start({ fileMaxMib: 1 });

    const answer = await post([csv('name="files"; filename="b.csv"', 'x'.repeat(2 ** 20 + 1))]);

    expect(answer).toMatchObject({ status: 413, body: { code: 'file_too_large' } });
    expect((answer.body as { detail: string }).detail).toMatch(/: b\.csv$/);
  });

  it.each<[string, string]>([
    ['two names', 'name="files"; filename="a.csv"; filename="b.txt"'],
    ['an open quote', 'name="files"; filename="a.csv'],
    ['another disposition', 'filename="a.csv"'],
  ])('answers 400 for a part with %s', async (_what, disposition) => {
    await stage.start();

    const answer = await post([csv(disposition), text('file_metadata', entry('a.csv'))]);

    expect(answer).toMatchObject({ status: 400, body: { code: 'form_invalid' } });
  });
});
