import { facts, table } from '../../src/terminal/table';
import { cutToWidth, textWidth } from '../../src/terminal/text-width';

describe('table', () => {
  it('aligns columns by the width that a terminal shows', () => {
    const text = table(
      ['file', 'count'],
      [
        ['顧客.csv', '1'],
        ['e\u0301te\u0301.csv', '22'],
        ['plain.csv', '333'],
      ],
    );

    expect(text.split('\n')).toEqual([
      'file       count',
      '顧客.csv   1',
      'e\u0301te\u0301.csv    22',
      'plain.csv  333',
    ]);
  });

  it('keeps a row on its line, whatever a cell holds', () => {
    const text = table(['file', 'user'], [['a\nb\u001b[2J\u202e.csv', 'u-1']]);

    expect(text.split('\n')).toHaveLength(2);
    expect(text).toContain('a\\nb\\u001b[2J\\u202e.csv  u-1');
  });

  it('leaves out a column without a text', () => {
    expect(table(['a', 'b', 'c'], [['1', undefined, '2']])).toBe('a  c\n1  2');
  });
});

describe('facts', () => {
  it('leaves out a name without a value', () => {
    const text = facts([
      ['File', 'a.csv'],
      ['User', undefined],
      ['Addresses', 12],
    ]);

    expect(text).toBe('File       a.csv\nAddresses  12');
  });
});

describe('textWidth', () => {
  it.each([
    ['abc', 3],
    ['日本', 4],
    ['Ａ', 2],
    ['각', 2],
    ['e\u0301', 1],
    ['👩‍👩‍👧', 2],
    ['❤️', 2],
    ['\u2068א\u2069', 1],
  ])('of %j is %i', (text, columns) => {
    expect(textWidth(text)).toBe(columns);
  });
});

describe('cutToWidth', () => {
  it('cuts in the middle, so that the extension stays', () => {
    const cut = cutToWidth(`${'日'.repeat(50)}.csv`, 20);

    expect(cut).toMatch(/^日+…日.csv$/);
    expect(textWidth(cut)).toBeLessThanOrEqual(20);
  });

  it('replaces stacked marks, which would cover the lines around them', () => {
    expect(cutToWidth(`a${'\u0301'.repeat(8_000)}b`, 10)).toBe('\ufffdb');
  });
});
