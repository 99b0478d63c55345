import fc from 'fast-check';
import { displayFileName } from '../../activities/file-name';

const count = (text: string) => [...new Intl.Segmenter('en').segment(text)].length;
const show = (name: string) => displayFileName(name, 100);

describe('displayFileName', () => {
  it.each([
    ['leaves a plain name alone', 'customers 2026.csv', 'customers 2026.csv'],
    ['leaves other scripts alone', 'клиенты 顧客 عملاء.xlsx', 'клиенты 顧客 عملاء.xlsx'],
    ['composes (NFC)', 'cafe\u0301.csv', 'café.csv'],
    ['parts lines by a blank', 'a\r\nBcc: x@y.csv', 'a Bcc: x@y.csv'],
    ['parts by the line breaks of other systems', 'a\u2028b\u2029c\u0085d\ve\tf', 'a b c d e f'],
    ['removes controls', 'a\u0000b\u001bc\u007fd\u009fe', 'abcde'],
    ['removes bidi controls', 'inv\u202efdp.exe\u2066\u200f\u061c', 'invfdp.exe'],
    ['removes what cannot be seen', '\ufeffa\u200bb\u00adc\u2060d\u{e0041}e\u3164', 'abcde'],
    ['keeps joiners and variation selectors', '👩‍💻❤️ می‌خواهم', '👩‍💻❤️ می‌خواهم'],
    ['replaces lone surrogates', 'a\ud800b\udc00', 'a\ufffdb\ufffd'],
    ['collapses blanks', '  a \u00a0 \u3000 b  ', 'a b'],
    ['breaks links', 'http://evil.example', 'http: //evil.example'],
    ['breaks links hidden by controls', 'ht\u0000tps:\u200b/\u0000/evil', 'https: //evil'],
    ['breaks bare host names', 'WWW.evil.example', 'WWW .evil.example'],
    ['leaves encoded words to the mail client', '=?utf-8?Q?a?=', '=?utf-8?Q?a?='],
    ['leaves placeholders and patterns alone', '{email_count} $& $1', '{email_count} $& $1'],
  ])('%s', (_, name, shown) => {
    expect(show(name)).toBe(shown);
  });

  it.each(['', '   ', '\r\n', '\u0000', '\u202e\u200d', '\u0301', '\u3164'])(
    'has a label for %j',
    (name) => {
      expect(show(name)).toBe('your file');
    },
  );

  it('cuts in the middle and keeps the extension', () => {
    expect(displayFileName(`${'a'.repeat(50)}${'b'.repeat(50)}.csv`, 20)).toBe(
      `${'a'.repeat(13)}…bb.csv`,
    );
  });

  it('cuts between graphemes', () => {
    expect(displayFileName('👨‍👩‍👧'.repeat(30), 10)).toBe(`${'👨‍👩‍👧'.repeat(6)}…${'👨‍👩‍👧'.repeat(3)}`);
  });

  it('does not let one grapheme fill the mail', () => {
    expect(show(`a${'\u0301'.repeat(5000)}.csv`)).toBe('\ufffd.csv');
  });

  it('is quick on a megabyte', () => {
    const start = performance.now();
    show('x\u0301\u202e'.repeat(1_000_000));
    expect(performance.now() - start).toBeLessThan(500);
  });

  it('is short, on one line and stable, whatever the name', () => {
    const anyName = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.string({ unit: 'grapheme', maxLength: 300 }),
      fc.array(fc.nat(0xffff)).map((units) => String.fromCharCode(...units)),
    );
    fc.assert(
      fc.property(anyName, fc.integer({ min: 10, max: 255 }), (name, max) => {
        const shown = displayFileName(name, max);
        expect(count(shown)).toBeLessThanOrEqual(max);
        expect(shown.isWellFormed()).toBe(true);
        expect(shown).not.toMatch(/[\p{Cc}\p{Bidi_Control}\u2028\u2029\ufeff\u{e0000}-\u{e007f}]/u);
        expect(shown).not.toMatch(/:\/\/|www\.|\s\s|^\s|\s$|^$/i);
        expect(displayFileName(shown, max)).toBe(shown);
      }),
      { numRuns: 1000 },
    );
  });
});
