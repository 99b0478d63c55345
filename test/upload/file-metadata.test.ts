import { planUploads } from '../../src/upload/file-metadata';

const entry = (change: object = {}) => ({
  file_name: 'leads.csv',
  email_column: 'A',
  first_row_has_labels: true,
  remove_duplicates: true,
  ...change,
});
const plan = (entries: unknown, fileNames = ['leads.csv']) =>
  planUploads(JSON.stringify(entries), fileNames);
const columnOf = (email_column: unknown, fileName = 'leads.csv') =>
  plan([entry({ file_name: fileName, email_column })], [fileName]);

const missing = (name: string) => ({
  code: 'file_metadata_missing',
  detail: `Missing file metadata: ${name}`,
});
const REQUIRED = { code: 'file_metadata_missing', detail: 'file_metadata is required' };
const NO_LIST = { code: 'file_metadata_invalid', detail: 'file_metadata must be a list' };
const INVALID = { code: 'file_metadata_invalid', detail: 'Invalid file metadata payload' };
const REPEATED = {
  code: 'file_metadata_repeated',
  detail: 'Duplicate file metadata entries: a.csv',
};
const FILE_REPEATED = {
  code: 'file_name_repeated',
  detail: 'Duplicate file names detected: a.csv',
};
const FILE_MISSING = { code: 'file_missing', detail: 'File metadata without its file: b.csv' };
const noColumn = (name = 'leads.csv') => ({
  code: 'email_column_missing',
  detail: `Email column is required: ${name}`,
});
const NO_COLUMN = noColumn();
const badColumn = (name = 'leads.csv') => ({
  code: 'email_column_invalid',
  detail: `Email column must be a column letter or 1-based index: ${name}`,
});
const BAD_COLUMN = badColumn();

describe('planUploads', () => {
  it('returns the column of each file, in the order of the files', () => {
    const entries = [entry({ file_name: 'b.xlsx', email_column: '3' }), entry()];

    const planned = plan(entries, ['leads.csv', 'b.xlsx']);

    expect(planned).toEqual({
      uploads: [
        { fileName: 'leads.csv', emailColumn: 1 },
        { fileName: 'b.xlsx', emailColumn: 3 },
      ],
    });
  });

  it.each([
    ['A', 1],
    ['a', 1],
    [' b ', 2],
    ['Z', 26],
    ['AA', 27],
    ['az', 52],
    ['XFD', 16_384],
    ['1', 1],
    [' 12 ', 12],
    ['007', 7],
    ['16384', 16_384],
    [2, 2],
    [16_384, 16_384],
  ])('parses the column %j as %i', (column, emailColumn) => {
    const planned = columnOf(column);

    expect(planned).toEqual({ uploads: [{ fileName: 'leads.csv', emailColumn }] });
  });

  it.each<[string | number, object]>([
    ['', NO_COLUMN],
    [' \t', NO_COLUMN],
    ['XFE', BAD_COLUMN],
    ['ZZZ', BAD_COLUMN],
    ['email', BAD_COLUMN],
    ['0', BAD_COLUMN],
    ['-1', BAD_COLUMN],
    ['+1', BAD_COLUMN],
    ['1.0', BAD_COLUMN],
    ['1e3', BAD_COLUMN],
    ['0x1', BAD_COLUMN],
    ['16385', BAD_COLUMN],
    ['9'.repeat(5_000), BAD_COLUMN],
    ['A1', BAD_COLUMN],
    ['A B', BAD_COLUMN],
    ['Ä', BAD_COLUMN],
    ['ſ', BAD_COLUMN],
    ['列', BAD_COLUMN],
    ['²', BAD_COLUMN],
    ['٣', BAD_COLUMN],
    ['A\u0000', BAD_COLUMN],
    [0, BAD_COLUMN],
    [-1, BAD_COLUMN],
    [1.5, BAD_COLUMN],
    [1e21, BAD_COLUMN],
  ])('refuses the column %j', (column, refusal) => {
    const planned = columnOf(column);

    expect(planned).toEqual(refusal);
  });

  it.each([undefined, null])('refuses .csv and .xlsx with the column %j', (column) => {
    const refusals = ['leads.csv', 'leads.XLSX'].map((fileName) => columnOf(column, fileName));

    expect(refusals).toEqual([noColumn('leads.csv'), noColumn('leads.XLSX')]);
  });

  it.each([undefined, null, '', ' ', 'A', '7'])(
    'returns no column for .txt with the column %j',
    (column) => {
      const planned = ['leads.txt', 'LEADS.TXT'].map((fileName) => columnOf(column, fileName));

      expect(planned).toEqual([
        { uploads: [{ fileName: 'leads.txt' }] },
        { uploads: [{ fileName: 'LEADS.TXT' }] },
      ]);
    },
  );

  it('refuses an invalid column, also for .txt', () => {
    const planned = columnOf('email', 'leads.txt');

    expect(planned).toEqual(badColumn('leads.txt'));
  });

  it.each<[string, string | undefined, object]>([
    ['missing metadata', undefined, REQUIRED],
    ['an empty text', '', REQUIRED],
    ['blanks', ' \n', REQUIRED],
    ['what is no JSON', 'leads.csv', INVALID],
    ['JSON that is cut off', '[{"file_name":', INVALID],
    ['NaN', '[NaN]', INVALID],
    ['an object', '{}', NO_LIST],
    ['null', 'null', NO_LIST],
    ['a text', '"leads.csv"', NO_LIST],
    ['a list of texts', '["leads.csv"]', INVALID],
    ['a list in the list', '[[]]', INVALID],
    ['a null in the list', '[null]', INVALID],
    ['an entry without a name', '[{"email_column":"A"}]', INVALID],
    ['an empty list', '[]', missing('leads.csv')],
    ['a deep nest', `${'['.repeat(10_000)}${']'.repeat(10_000)}`, INVALID],
  ])('refuses %s', (_what, fileMetadata, refusal) => {
    const planned = planUploads(fileMetadata, ['leads.csv']);

    expect(planned).toEqual(refusal);
  });

  it.each<[string, object]>([
    ['a number as name', { file_name: 1 }],
    ['null as name', { file_name: null }],
    ['a flag as column', { email_column: true }],
    ['a list as column', { email_column: ['A'] }],
    ['a word for labels', { first_row_has_labels: 'yes' }],
    ['null for labels', { first_row_has_labels: null }],
    ['a number for duplicates', { remove_duplicates: 1 }],
  ])('refuses %s', (_what, change) => {
    const planned = plan([entry(change)]);

    expect(planned).toEqual(INVALID);
  });

  it.each<[string, object]>([
    ['without flags', { first_row_has_labels: undefined, remove_duplicates: undefined }],
    ['with the flags off', { first_row_has_labels: false, remove_duplicates: false }],
    ['with more than is needed', { size: 12, type: null }],
  ])('accepts an entry %s', (_what, change) => {
    const planned = plan([entry(change)]);

    expect(planned).toEqual({ uploads: [{ fileName: 'leads.csv', emailColumn: 1 }] });
  });

  it.each<[string, string[], string[], object]>([
    ['a file without an entry', ['a.csv'], ['a.csv', 'b.csv'], missing('b.csv')],
    ['an entry for another file', ['b.csv'], ['a.csv'], missing('a.csv')],
    ['a name in capitals', ['A.csv'], ['a.csv'], missing('a.csv')],
    ['a name with a blank', ['a.csv '], ['a.csv'], missing('a.csv')],
    ['an entry without a file', ['a.csv', 'b.csv'], ['a.csv'], FILE_MISSING],
    ['two entries for a file', ['a.csv', 'a.csv'], ['a.csv'], REPEATED],
    ['two files of one name', ['a.csv'], ['a.csv', 'a.csv'], FILE_REPEATED],
    ['a name that every object has', ['a.csv'], ['constructor'], missing('constructor')],
  ])('refuses %s', (_what, entryNames, fileNames, refusal) => {
    const planned = plan(
      entryNames.map((file_name) => entry({ file_name })),
      fileNames,
    );

    expect(planned).toEqual(refusal);
  });

  it.each([
    ['in another normal form', 'e\u0301.csv', '\u00e9.csv'],
    ['with the escapes of a form', 'a %22b%22.csv', 'a "b".csv'],
  ])('matches a name %s', (_what, entryName, fileName) => {
    const planned = plan([entry({ file_name: entryName })], [fileName]);

    expect(planned).toEqual({ uploads: [{ fileName, emailColumn: 1 }] });
  });

  it('refuses two entries whose names differ only in their normal form', () => {
    const names = ['e\u0301.csv', '\u00e9.csv'];

    const planned = plan(
      names.map((file_name) => entry({ file_name })),
      ['\u00e9.csv'],
    );

    expect(planned).toMatchObject({ code: 'file_metadata_repeated' });
  });

  it.each([undefined, ' ', '[]'])('accepts .txt without an entry in %j', (fileMetadata) => {
    const planned = planUploads(fileMetadata, ['a.txt', 'B.TXT']);

    expect(planned).toEqual({ uploads: [{ fileName: 'a.txt' }, { fileName: 'B.TXT' }] });
  });

  it('accepts .txt without an entry next to a file with one', () => {
    const planned = plan([entry()], ['a.txt', 'leads.csv']);

    expect(planned).toEqual({
      uploads: [{ fileName: 'a.txt' }, { fileName: 'leads.csv', emailColumn: 1 }],
    });
  });

  it('accepts names with a meaning in JavaScript, Unicode or SQL', () => {
    const names = ['__proto__.csv', 'Größe 2.csv', '.csv', "a'; drop table.csv"];

    const planned = plan(
      names.map((file_name) => entry({ file_name })),
      names,
    );

    expect(planned).toEqual({
      uploads: names.map((fileName) => ({ fileName, emailColumn: 1 })),
    });
  });
});
