import {
  cleanFileName,
  hasColumns,
  refuseFileName,
  withFileName,
} from '../../src/upload/file-name';

describe('refuseFileName', () => {
  it.each(['a.txt', 'a.csv', 'a.xlsx', 'A.CSV', 'q3 (2).Xlsx', 'Größe.csv', '列.csv', 'a".csv'])(
    'accepts %j',
    (name) => {
      const refusal = refuseFileName(name);

      expect(refusal).toBeUndefined();
    },
  );

  it.each(['', ' ', '\t'])('refuses the blank name %j', (name) => {
    const refusal = refuseFileName(name);

    expect(refusal).toMatchObject({ code: 'file_name_missing' });
  });

  it.each(['a.xls', 'a.pdf', 'csv', 'a.csv.exe', 'a.csv ', 'a.tsv', 'a.csv.'])(
    'refuses the type of %j',
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
  ])('refuses the unsafe name %j', (name) => {
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
  ])('for %j returns %j', (name, expected) => {
    const columns = hasColumns(name);

    expect(columns).toBe(expected);
  });
});

describe('cleanFileName', () => {
  it.each([
    ['a %22b%22.csv', 'a "b".csv'],
    ['a%0D%0Ab.csv', 'a\r\nb.csv'],
    ['u\u0308.csv', '\u00fc.csv'],
    ['100%.csv', '100%.csv'],
    ['a%20b%2Fc%2522.csv', 'a%20b%2Fc%2522.csv'],
  ])('for %j returns %j', (sent, expected) => {
    const clean = cleanFileName(sent);

    expect(clean).toBe(expected);
  });
});

describe('withFileName', () => {
  const REFUSAL = { code: 'x', detail: 'No' };

  it.each([
    ['a.csv', 'No: a.csv'],
    ['a\u0000\u001b[31m\u202eb\u2028.csv', 'No: a\ufffd\ufffd[31m\ufffdb\ufffd.csv'],
    ['a\ud800.csv', 'No: a\ufffd.csv'],
    ['a'.repeat(101), `No: ${'a'.repeat(100)}…`],
    [`${'a'.repeat(99)}😀😀`, `No: ${'a'.repeat(99)}\ufffd…`],
  ])('for %j returns %j', (name, detail) => {
    const refusal = withFileName(REFUSAL, name);

    expect(refusal).toEqual({ code: 'x', detail });
  });
});
