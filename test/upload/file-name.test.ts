import { hasColumns, refuseFileName } from '../../src/upload/file-name';

describe('refuseFileName', () => {
  it.each(['a.txt', 'a.csv', 'a.xlsx', 'A.CSV', 'q3 (2).Xlsx', 'Größe.csv', '列.csv', 'a".csv'])(
    'takes %j',
    (name) => {
      const refusal = refuseFileName(name);

      expect(refusal).toBeUndefined();
    },
  );

  it.each(['', ' ', '\t'])('wants a name: %j', (name) => {
    const refusal = refuseFileName(name);

    expect(refusal).toMatchObject({ code: 'file_name_missing' });
  });

  it.each(['a.xls', 'a.pdf', 'csv', 'a.csv.exe', 'a.csv ', 'a.tsv', 'a.csv.'])(
    'takes no other type: %j',
    (name) => {
      const refusal = refuseFileName(name);

      expect(refusal).toMatchObject({ code: 'file_type_not_supported' });
    },
  );

  it.each([
    '../a.csv',
    '/etc/a.csv',
    'C:\\a.csv',
    'a\r\nBcc: x@y.csv',
    'a\u0000.csv',
    'a\u0085.csv',
    'a\u2028.csv',
    'a\ud800.csv',
    `${'a'.repeat(252)}.csv`,
  ])('takes no name that could do harm: %j', (name) => {
    const refusal = refuseFileName(name);

    expect(refusal).toMatchObject({ code: 'file_name_invalid' });
  });
});

describe('hasColumns', () => {
  it.each([
    ['a.txt', false],
    ['A.TXT', false],
    ['a.csv', true],
    ['a.txt.xlsx', true],
  ])('of %j: %j', (name, expected) => {
    const columns = hasColumns(name);

    expect(columns).toBe(expected);
  });
});
