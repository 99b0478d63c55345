import fc from 'fast-check';
import { displayFileName } from '../../activities/mail/file-name';

const count = (text: string) => [...new Intl.Segmenter('en').segment(text)].length;
const show = (name: string) => displayFileName(name, 100);

describe('displayFileName', () => {
  it.each([
    ['leaves a plain name alone', 'customers 2026.csv', 'customers 2026.csv'],
    ['leaves other scripts alone', 'клиенты 顧客 عملاء.xlsx', 'клиенты 顧客 عملاء.xlsx'],
    ['composes (NFC)', 'cafe\u0301.csv', 'café.csv'],
    ['parts lines by a blank', 'a\r\nBcc: x.csv', 'a Bcc: x.csv'],
    ['parts by the line breaks of other systems', 'a\u2028b\u2029c\u0085d\ve\tf', 'a b c d e f'],
    ['removes controls', 'a\u0000b\u001bc\u007fd\u009fe', 'abcde'],
    ['removes bidi controls', 'inv\u202efdp.txt\u2066\u200f\u061c', 'invfdp.txt'],
    ['removes what cannot be seen', '\ufeffa\u200bb\u00adc\u2060d\u{e0041}e\u3164', 'abcde'],
    ['keeps joiners and variation selectors', '👩‍💻❤️ می‌خواهم', '👩‍💻❤️ می‌خواهم'],
    ['replaces lone surrogates', 'a\ud800b\udc00', 'a\ufffdb\ufffd'],
    ['collapses blanks', '  a \u00a0 \u3000 b  ', 'a b'],
    ['breaks links', 'http://evil.example', 'http: //evil .example'],
    ['breaks links hidden by controls', 'ht\u0000tps:\u200b/\u0000/evil', 'https: //evil'],
    [
      'breaks links without a host',
      'mailto:jane, tel:+1, x-app:y',
      'mailto: jane, tel: +1, x-app: y',
    ],
    ['breaks network paths', '\\\\server\\share.csv', '\\ \\server\\share.csv'],
    ['breaks host names', 'WWW.evil.example', 'WWW .evil .example'],
    ['breaks bare domains', 'evil.example/win', 'evil .example/win'],
    ['breaks domains of two parts', 'paypal-login.com bit.ly', 'paypal-login .com bit .ly'],
    ['breaks domains before an extension', 'evil.com.csv', 'evil .com.csv'],
    ['breaks domains after an extension', 'report.csv.com', 'report.csv .com'],
    ['breaks what only begins like an extension', 'evil.csvx evil.xls-x', 'evil .csvx evil .xls-x'],
    ['breaks extensions that are domains too', 'report.zip', 'report .zip'],
    ['breaks domains of other scripts', 'пример.рф 例え.jp', 'пример .рф 例え .jp'],
    ['breaks encoded domains', 'xn--e1afmkfd.xn--p1ai', 'xn--e1afmkfd .xn--p1ai'],
    ['breaks other dots', 'evil。com ｅｖｉｌ．ｃｏｍ', 'evil 。com ｅｖｉｌ ．ｃｏｍ'],
    [
      'breaks domains hidden by joiners',
      'evil\u200d.com evil.\u200dcom',
      'evil\u200d .com evil .\u200dcom',
    ],
    ['breaks addresses', 'jane@evil.example x@y', 'jane @evil .example x @y'],
    ['breaks IP addresses', '192.0.2.1 1.2.3.4:80/x', '192.0.2 .1 1.2.3 .4:80/x'],
    ['leaves extensions alone', 'report.csv', 'report.csv'],
    ['leaves extensions in capitals alone', 'Report (1).XLSX', 'Report (1).XLSX'],
    ['leaves years alone', 'leads.2024.xlsx', 'leads.2024.xlsx'],
    ['leaves versions alone', 'v1.2 final.txt', 'v1.2 final.txt'],
    ['leaves dates alone', 'export 12.03.2024.csv', 'export 12.03.2024.csv'],
    ['leaves initials alone', 'J.R.R. Tolkien.txt', 'J.R.R. Tolkien.txt'],
    ['leaves times alone', 'Report 12:30.csv', 'Report 12:30.csv'],
    ['leaves backups alone', 'data.csv.txt', 'data.csv.txt'],
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

  it('reads the ends of a megabyte alone, which is quick', () => {
    const [begin, end] = ['x\u0301\u202e', 'y\u0301\u202e'].map((text) => text.repeat(5_000));
    const ends = `${begin!.slice(0, 4_096)}${end!.slice(-4_096)}`;

    expect(displayFileName(`${begin}${'z'.repeat(1_000_000)}${end}`, 9_999)).toBe(
      displayFileName(ends, 9_999),
    );
  });

  it('is short, on one line and stable, whatever the name', () => {
    const anyName = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.string({ unit: 'grapheme', maxLength: 300 }),
      fc.array(fc.nat(0xffff)).map((units) => String.fromCharCode(...units)),
      fc
        .array(
          fc.constantFrom('evil', '.com', '.', '@', 'mailto:', '//', '.csv', ' ', '\u200d', 'w'),
        )
        .map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(anyName, fc.integer({ min: 10, max: 255 }), (name, max) => {
        const shown = displayFileName(name, max);
        expect(count(shown)).toBeLessThanOrEqual(max);
        expect(shown.isWellFormed()).toBe(true);
        expect(shown).not.toMatch(/[\p{Cc}\p{Bidi_Control}\u2028\u2029\ufeff\u{e0000}-\u{e007f}]/u);
        expect(shown).not.toMatch(/:\/\/|www\.|\s\s|^\s|\s$|^$/i);
        expect(shown).not.toMatch(/[a-z\d-]\.(?:com|example|de|ly|zip|net)|\w@\w|mailto:\w/i);
        // A cut leaves halves of words behind, which can look otherwise.
        expect(shown.includes('…') || displayFileName(shown, max) === shown).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});
